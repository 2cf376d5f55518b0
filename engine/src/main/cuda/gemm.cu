// Matrix products where there is no cuBLAS, and the triangle that HPCA multiplies by.
#include "walk.cuh"

#define TILE 64
#define DEPTH 16

// Row-major C (m, n) (+)= A B, summed over k; A is (m, k), or (k, m) if transposeA, and so on. Each
// block of 256 threads makes a tile of 64 x 64, each thread 4 x 4 of it. blockIdx.z counts batches,
// and within each of them the parts that k is cut into, which go to matrices of their own.
extern "C" __global__ void sgemm(
    int transposeA, int transposeB, int m, int n, int k, const float *a, int lda,
    long long strideA, const float *b, int ldb, long long strideB, int add, float *c, int ldc,
    long long strideC, int parts) {
  __shared__ float as[DEPTH][TILE + 4];
  __shared__ float bs[DEPTH][TILE + 4];
  int batch = blockIdx.z / parts;
  int part = blockIdx.z % parts;
  a += batch * strideA;
  b += batch * strideB;
  c += (long long)blockIdx.z * strideC;
  int chunk = (k + parts - 1) / parts;
  int end = min(k, (part + 1) * chunk);
  int row = blockIdx.x * TILE;
  int column = blockIdx.y * TILE;
  int ty = threadIdx.x / 16 * 4;
  int tx = threadIdx.x % 16 * 4;
  float sums[4][4] = {};
  for (int from = part * chunk; from < end; from += DEPTH) {
    for (int t = threadIdx.x; t < TILE * DEPTH; t += 256) {
      // Neighbouring threads load neighbours.
      int i = transposeA ? t % TILE : t / DEPTH;
      int l = transposeA ? t / TILE : t % DEPTH;
      bool inside = row + i < m && from + l < end;
      size_t at = transposeA ? (size_t)(from + l) * lda + row + i : (size_t)(row + i) * lda + from + l;
      as[l][i] = inside ? a[at] : 0.0f;
    }
    for (int t = threadIdx.x; t < TILE * DEPTH; t += 256) {
      int j = transposeB ? t / DEPTH : t % TILE;
      int l = transposeB ? t % DEPTH : t / TILE;
      bool inside = column + j < n && from + l < end;
      size_t at =
          transposeB ? (size_t)(column + j) * ldb + from + l : (size_t)(from + l) * ldb + column + j;
      bs[l][j] = inside ? b[at] : 0.0f;
    }
    __syncthreads();
    for (int l = 0; l < DEPTH; l++) {
      float x[4];
      float y[4];
      for (int i = 0; i < 4; i++) x[i] = as[l][ty + i];
      for (int j = 0; j < 4; j++) y[j] = bs[l][tx + j];
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) sums[i][j] += x[i] * y[j];
      }
    }
    __syncthreads();
  }
  for (int i = 0; i < 4 && row + ty + i < m; i++) {
    for (int j = 0; j < 4 && column + tx + j < n; j++) {
      size_t at = (size_t)(row + ty + i) * ldc + column + tx + j;
      c[at] = add ? c[at] + sums[i][j] : sums[i][j];
    }
  }
}

// x_ij = 0 where j > i, in matrices (rows, columns) that lie `stride` apart.
extern "C" __global__ void clear_above_diagonal(
    float *x, int rows, int columns, int stride, int down, int along, int size) {
  unsigned int i = global_index();
  if (i >= (unsigned int)size) return;
  unsigned int line = i / (unsigned int)columns;
  unsigned int column = i - line * columns;
  unsigned int matrix = line / (unsigned int)rows;
  unsigned int row = line - matrix * rows;
  if (column > row) x[(size_t)matrix * stride + (size_t)row * down + (size_t)column * along] = 0.0f;
}

// C (m, n) (+)= the sum of the parts (parts, m, n).
extern "C" __global__ void sum_parts(
    const float *parts, int count, int add, float *c, int ldc, int n, int size) {
  unsigned int i = global_index();
  if (i >= (unsigned int)size) return;
  float sum = 0.0f;
  for (int part = 0; part < count; part++) sum += parts[(size_t)part * size + i];
  unsigned int row = i / (unsigned int)n;
  size_t at = (size_t)row * ldc + (i - row * n);
  c[at] = add ? c[at] + sum : sum;
}
