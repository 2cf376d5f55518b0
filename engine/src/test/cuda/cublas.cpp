// cuBLAS: general matrix products in single precision, column-major.
#include <algorithm>
#include <cstdio>

#include "emulator.h"

using namespace emulated;

namespace {
enum Status {
  kSuccess = 0,
  kNotInitialized = 1,
  kInvalidValue = 7,
  kExecutionFailed = 13,
  kInternalError = 14,
  kNotSupported = 15,
};
enum Transpose { kPlain = 0, kTransposed = 1, kConjugate = 2 };
constexpr int kFloat32 = 0;

struct Handle {
  CUstream stream = nullptr;
  bool workspace = false;
};

struct Product {
  bool ta, tb;
  int m, n, k;
  float alpha, beta;
  const float *a, *b;
  float* c;
  long long lda, ldb, ldc, stride_a, stride_b, stride_c;
  int batch;
};

// Tiles of 8 rows and 4 columns, whose sums stay in registers over a chunk of k; op(A) and op(B)
// are packed for them, with zeros beyond their edges.
constexpr int kRows = 8, kColumns = 4, kChunk = 256;

void tile(int depth, const float* a, const float* b, float* sums) {
  float s[kColumns][kRows] = {};
  for (int l = 0; l < depth; l++) {
    for (int j = 0; j < kColumns; j++) {
      for (int i = 0; i < kRows; i++) {
        s[j][i] += a[l * kRows + i] * b[l * kColumns + j];
      }
    }
  }
  std::copy_n(&s[0][0], kColumns * kRows, sums);
}

void multiply(const Product& p, const float* a, const float* b, float* c) {
  for (int j = 0; j < p.n; j++) {
    float* column = c + j * p.ldc;
    for (int i = 0; i < p.m; i++) {
      column[i] = p.beta == 0 ? 0 : p.beta * column[i];  // beta 0 must not read C
    }
  }
  if (p.alpha == 0) return;
  std::vector<float> packed_b(static_cast<size_t>(kChunk) * (p.n + kColumns));
  float packed_a[kChunk * kRows], sums[kColumns * kRows];
  for (int k0 = 0; k0 < p.k; k0 += kChunk) {
    int depth = std::min(kChunk, p.k - k0);
    for (int j = 0; j < (p.n + kColumns - 1) / kColumns * kColumns; j++) {
      float* to = &packed_b[j / kColumns * kColumns * depth + j % kColumns];
      for (int l = k0; l < k0 + depth; l++, to += kColumns) {
        *to = j >= p.n ? 0 : p.tb ? b[j + l * p.ldb] : b[l + j * p.ldb];
      }
    }
    for (int i0 = 0; i0 < p.m; i0 += kRows) {
      int rows = std::min(kRows, p.m - i0);
      for (int i = 0; i < kRows; i++) {
        for (int l = 0; l < depth; l++) {
          packed_a[l * kRows + i] = i >= rows ? 0
                                    : p.ta    ? a[k0 + l + (i0 + i) * p.lda]
                                              : a[i0 + i + (k0 + l) * p.lda];
        }
      }
      for (int j0 = 0; j0 < p.n; j0 += kColumns) {
        tile(depth, packed_a, &packed_b[static_cast<size_t>(j0) * depth], sums);
        for (int j = 0; j < std::min(kColumns, p.n - j0); j++) {
          for (int i = 0; i < rows; i++) {
            c[i0 + i + (j0 + j) * p.ldc] += p.alpha * sums[j * kRows + i];
          }
        }
      }
    }
  }
}

// Whether a matrix of the batch lies within device memory.
bool reaches(const float* at, long long ld, int rows, int columns, long long stride, int batch) {
  if (rows == 0 || columns == 0 || batch == 0) return true;
  long long last = (columns - 1) * ld + rows + (batch - 1) * stride;
  return is_device(reinterpret_cast<CUdeviceptr>(at),
                   static_cast<size_t>(last) * sizeof(float));
}

int submit(Handle* handle, int ta, int tb, Product p) {
  if (handle == nullptr) return kNotInitialized;
  p.ta = ta != kPlain;
  p.tb = tb != kPlain;
  bool known = ta >= kPlain && ta <= kConjugate && tb >= kPlain && tb <= kConjugate;
  if (!known || p.m < 0 || p.n < 0 || p.k < 0 || p.batch < 0 ||
      p.lda < std::max(1, p.ta ? p.k : p.m) || p.ldb < std::max(1, p.tb ? p.n : p.k) ||
      p.ldc < std::max(1, p.m)) {
    return kInvalidValue;
  }
  if (is_capturing(handle->stream) && !handle->workspace) {
    std::fprintf(stderr, "emulated cuBLAS: captured without a workspace of the caller's\n");
    return kInternalError;
  }
  if (p.m == 0 || p.n == 0 || p.batch == 0) return kSuccess;
  if (p.batch > 65535) return kNotSupported;  // more than a grid has blocks in z
  CUresult fault = gemm_fault();
  CUresult result = enqueue(handle->stream, [p, fault]() -> CUresult {
    if (fault != CUDA_SUCCESS) return fault;
    bool inside = reaches(p.c, p.ldc, p.m, p.n, p.stride_c, p.batch);
    if (p.alpha != 0) {
      inside &= reaches(p.a, p.lda, p.ta ? p.k : p.m, p.ta ? p.m : p.k, p.stride_a, p.batch) &&
                reaches(p.b, p.ldb, p.tb ? p.n : p.k, p.tb ? p.k : p.n, p.stride_b, p.batch);
    }
    if (!inside) {
      std::fprintf(stderr, "emulated cuBLAS: a product (%d, %d, %d) leaves its memory\n", p.m, p.n,
                   p.k);
      return CUDA_ERROR_ILLEGAL_ADDRESS;
    }
    count_gemm();
    for (int i = 0; i < p.batch; i++) {
      multiply(p, p.a + i * p.stride_a, p.b + i * p.stride_b, p.c + i * p.stride_c);
    }
    return CUDA_SUCCESS;
  });
  return result == CUDA_SUCCESS ? kSuccess : kExecutionFailed;
}
}  // namespace

API int cublasCreate_v2(Handle** handle) {
  if (!is_ready()) return kNotInitialized;
  *handle = new Handle;
  return kSuccess;
}

API int cublasDestroy_v2(Handle* handle) {
  if (handle == nullptr) return kNotInitialized;
  delete handle;
  return kSuccess;
}

API int cublasGetVersion_v2(Handle*, int* version) {
  *version = CUBLAS_VERSION;
  return kSuccess;
}

// Major, minor and patch number.
API int cublasGetProperty(int part, int* value) {
  const int parts[] = {CUBLAS_VERSION / 10000, CUBLAS_VERSION / 100 % 100, CUBLAS_VERSION % 100};
  if (part < 0 || part > 2) return kInvalidValue;
  *value = parts[part];
  return kSuccess;
}

// As in cuBLAS, this takes the workspace away.
API int cublasSetStream_v2(Handle* handle, CUstream stream) {
  if (handle == nullptr) return kNotInitialized;
  handle->stream = stream;
  handle->workspace = false;
  return kSuccess;
}

API int cublasSetWorkspace_v2(Handle* handle, void* at, size_t bytes) {
  if (handle == nullptr) return kNotInitialized;
  CUdeviceptr address = reinterpret_cast<CUdeviceptr>(at);
  if (bytes > 0 && (address % 256 != 0 || !is_device(address, bytes))) return kInvalidValue;
  handle->workspace = bytes > 0;
  return kSuccess;
}

API int cublasSetMathMode(Handle* handle, int mode) {
  if (handle == nullptr) return kNotInitialized;
  return mode >= 0 ? kSuccess : kInvalidValue;
}

API int cublasSgemm_v2(Handle* handle, int ta, int tb, int m, int n, int k, const float* alpha,
                       const float* a, int lda, const float* b, int ldb, const float* beta,
                       float* c, int ldc) {
  return submit(handle, ta, tb,
                {false, false, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc, 0, 0, 0, 1});
}

API int cublasSgemmStridedBatched(Handle* handle, int ta, int tb, int m, int n, int k,
                                  const float* alpha, const float* a, int lda, long long stride_a,
                                  const float* b, int ldb, long long stride_b, const float* beta,
                                  float* c, int ldc, long long stride_c, int batch) {
  return submit(handle, ta, tb, {false, false, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc,
                                 stride_a, stride_b, stride_c, batch});
}

// In single precision only; the type of the sums makes no difference here.
API int cublasGemmEx(Handle* handle, int ta, int tb, int m, int n, int k, const void* alpha,
                     const void* a, int type_a, int lda, const void* b, int type_b, int ldb,
                     const void* beta, void* c, int type_c, int ldc, int compute, int) {
  bool single = type_a == kFloat32 && type_b == kFloat32 && type_c == kFloat32;
  // CUBLAS_COMPUTE_32F and its relatives up to CUBLAS_COMPUTE_32F_FAST_TF32
  if (!single || compute < 68 || compute > 77) return kNotSupported;
  return submit(handle, ta, tb,
                {false, false, m, n, k, *static_cast<const float*>(alpha),
                 *static_cast<const float*>(beta), static_cast<const float*>(a),
                 static_cast<const float*>(b), static_cast<float*>(c), lda, ldb, ldc, 0, 0, 0, 1});
}
