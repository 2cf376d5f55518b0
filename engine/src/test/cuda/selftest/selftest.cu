// Kernels that use what the engine's may use, and some that are wrong on purpose.

struct Layout {
  int rows, columns;
  long long row_stride, column_stride;
};

extern "C" __global__ void strided_copy(float* __restrict__ out, const float* __restrict__ x,
                                        Layout from) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < from.rows * from.columns) {
    out[i] = __ldg(x + i / from.columns * from.row_stride +
                   i % from.columns * from.column_stride);
  }
}

template <typename T, int N>
__device__ __forceinline__ T block_sum(T value) {
  __shared__ T partial[N];
  partial[threadIdx.x] = value;
  __syncthreads();
#pragma unroll
  for (int half = N / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) {
      partial[threadIdx.x] += partial[threadIdx.x + half];
    }
    __syncthreads();
  }
  return partial[0];
}

extern "C" __global__ void __launch_bounds__(128)
    row_sums(float* out, const float* x, int columns) {
  float sum = 0;
  for (int i = threadIdx.x; i < columns; i += blockDim.x) {
    sum += x[blockIdx.x * columns + i];
  }
  sum = block_sum<float, 128>(sum);
  if (threadIdx.x == 0) {
    out[blockIdx.x] = sum;
  }
}

// The last row's warp has lanes without a row: they take no part and the mask names them.
extern "C" __global__ void softmax(float* x, int rows, int columns) {
  int row = blockIdx.x * blockDim.y + threadIdx.y;
  if (row >= rows) {
    return;
  }
  float* at = x + row * columns;
  float most = -INFINITY;
  for (int i = threadIdx.x; i < columns; i += 32) {
    most = fmaxf(most, at[i]);
  }
  for (int other = 16; other > 0; other /= 2) {
    most = max(most, __shfl_xor_sync(0xffffffff, most, other));
  }
  float sum = 0;
  for (int i = threadIdx.x; i < columns; i += 32) {
    at[i] = __expf(at[i] - most);
    sum += at[i];
  }
  for (int delta = 16; delta > 0; delta /= 2) {
    sum += __shfl_down_sync(0xffffffff, sum, delta);
  }
  sum = __shfl_sync(0xffffffff, sum, 0);
  for (int i = threadIdx.x; i < columns; i += 32) {
    at[i] = __fdividef(at[i], sum);
  }
}

// Reverses a block through dynamic shared memory; without the barrier when told so.
extern "C" __global__ void reverse(float4* x, int barrier) {
  extern __shared__ float buffer[];
  int last = blockDim.x - 1 - threadIdx.x;
  float4 v = x[threadIdx.x];
  buffer[threadIdx.x] = v.x;
  if (barrier) {
    __syncthreads();
  }
  x[threadIdx.x] = make_float4(buffer[last], v.y, v.z, v.w);
}

extern "C" __global__ void ballots(unsigned* out) {
  unsigned odd = __ballot_sync(0xffffffff, threadIdx.x & 1);
  int any = __any_sync(0xffffffff, threadIdx.x == 31);
  int all = __all_sync(0xffffffff, threadIdx.x < 31);
  if (threadIdx.x == 0) {
    out[0] = odd;
    out[1] = any;
    out[2] = all;
    out[3] = gridDim.y;
  }
  atomicAdd(out + 4, 1);
}

extern "C" __global__ void lonely_barrier() {
  if (threadIdx.x > 3) {
    __syncthreads();
  }
}

extern "C" __global__ void write_at(float* x, long long i) { x[i] = 1; }
