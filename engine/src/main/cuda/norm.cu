// Mean and variance of columns, and the affine map that normalises by them.
#include "walk.cuh"

// Of some numbers: how many there are, their mean, and the sum of squared deviations from it.
struct Moments {
  float count;
  float mean;
  float squares;
};

// Those of two sets together, after Chan.
static __device__ inline Moments both(Moments a, Moments b) {
  if (a.count == 0.0f) return b;
  if (b.count == 0.0f) return a;
  float count = a.count + b.count;
  float difference = b.mean - a.mean;
  float share = b.count / count;
  return {
      count, a.mean + difference * share,
      a.squares + b.squares + difference * difference * a.count * share};
}

// Those of a column over the eight threads that share it; valid where threadIdx.y is 0.
static __device__ inline Moments all_of_column(Moments mine, Moments (&shared)[8][32]) {
  shared[threadIdx.y][threadIdx.x] = mine;
  __syncthreads();
  if (threadIdx.y == 0) {
    for (int y = 1; y < 8; y++) mine = both(mine, shared[y][threadIdx.x]);
  }
  return mine;
}

// Those of column j in up to eight rows, every eighth from `row` on; all loads are on their way at
// once.
static __device__ inline Moments of_rows(
    const float *x, unsigned int row, unsigned int end, unsigned int j, int n) {
  float values[8];
  float count = 0.0f;
  float sum = 0.0f;
#pragma unroll
  for (unsigned int k = 0; k < 8; k++) {
    bool there = row + 8 * k < end;
    values[k] = there ? x[(size_t)(row + 8 * k) * n + j] : 0.0f;
    count += there ? 1.0f : 0.0f;
    sum += values[k];
  }
  float mean = sum / count;
  float squares = 0.0f;
#pragma unroll
  for (unsigned int k = 0; k < 8; k++) {
    float deviation = row + 8 * k < end ? values[k] - mean : 0.0f;
    squares += deviation * deviation;
  }
  return {count, mean, squares};
}

// partial (parts, 2, n): mean and sum of squared deviations of each column of x (rows, n), by parts
// of the rows. Blocks are (32, 8) threads.
extern "C" __global__ void moments_of_parts(const float *x, float *partial, int rows, int n) {
  __shared__ Moments shared[8][32];
  unsigned int j = global_index();
  unsigned int chunk = (rows + gridDim.y - 1) / gridDim.y;
  unsigned int from = blockIdx.y * chunk;
  unsigned int end = min(from + chunk, (unsigned int)rows);
  Moments mine = {0.0f, 0.0f, 0.0f};
  if (j < (unsigned int)n) {
    for (unsigned int row = from + threadIdx.y; row < end; row += 64) {
      mine = both(mine, of_rows(x, row, end, j, n));
    }
  }
  Moments sum = all_of_column(mine, shared);
  if (threadIdx.y > 0 || j >= (unsigned int)n) return;
  partial[(size_t)blockIdx.y * 2 * n + j] = sum.mean;
  partial[((size_t)blockIdx.y * 2 + 1) * n + j] = sum.squares;
}

// Mean and biased variance from what moments_of_parts left. Blocks are (32, 8) threads.
extern "C" __global__ void moments(
    const float *partial, float *mean, float *variance, int rows, int n, int parts) {
  __shared__ Moments shared[8][32];
  unsigned int j = global_index();
  int chunk = (rows + parts - 1) / parts;
  Moments mine = {0.0f, 0.0f, 0.0f};
  if (j < (unsigned int)n) {
    for (int part = threadIdx.y; part < parts; part += 8) {
      int count = max(0, min(chunk, rows - part * chunk));
      Moments other = {
          (float)count, partial[(size_t)part * 2 * n + j], partial[((size_t)part * 2 + 1) * n + j]};
      mine = both(mine, other);
    }
  }
  Moments sum = all_of_column(mine, shared);
  if (threadIdx.y > 0 || j >= (unsigned int)n) return;
  mean[j] = sum.mean;
  variance[j] = rows == 0 ? 0.0f : sum.squares / (float)rows;
}

// What batch norm in training makes of the mean and variance (n) of a batch, by one block of 256 or
// 1024 threads: moves the running statistics, and gives 1 / sqrt(variance + epsilon), the modified form's
// factor or 1, and the scale and shift of the affine map.
extern "C" __global__ void batch_norm(
    const float *mean, const float *variance, const float *gamma, const float *beta,
    float *runningMean, float *runningVariance, float *inverse, float *factor, float *scale,
    float *shift, float momentum, float unbiased, float epsilon, int modified, int n) {
  __shared__ float shared[1024];
  float sum = 0.0f;
  for (int j = threadIdx.x; j < n; j += blockDim.x) {
    runningMean[j] = runningMean[j] * (1.0f - momentum) + mean[j] * momentum;
    float moved = runningVariance[j] * (1.0f - momentum) + variance[j] * (momentum * unbiased);
    runningVariance[j] = moved;
    sum += moved;
  }
  shared[threadIdx.x] = sum;
  for (int half = blockDim.x / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) shared[threadIdx.x] += shared[threadIdx.x + half];
  }
  __syncthreads();
  float usual = shared[0] / (float)n + epsilon;
  for (int j = threadIdx.x; j < n; j += blockDim.x) {
    float f = modified ? sqrtf((runningVariance[j] + epsilon) / usual) : 1.0f;
    float i = 1.0f / sqrtf(variance[j] + epsilon);
    float s = gamma[j] * f * i;
    factor[j] = f;
    inverse[j] = i;
    scale[j] = s;
    shift[j] = beta[j] * f - mean[j] * s;
  }
}

// Sums over rows that the gradient of batch norm needs: partial (parts, 2, n) receives, by parts of
// the rows, the sums of dy and of dy x^ with x^ = (x - mean) inverse. Blocks are (32, 8) threads.
extern "C" __global__ void batch_norm_sums(
    const float *x, const float *dy, const float *mean, const float *inverse, float *partial,
    int rows, int n) {
  __shared__ float shared[2][8][32];
  unsigned int j = global_index();
  unsigned int chunk = (rows + gridDim.y - 1) / gridDim.y;
  unsigned int from = blockIdx.y * chunk;
  unsigned int end = min(from + chunk, (unsigned int)rows);
  float sums[2] = {0.0f, 0.0f};
  if (j < (unsigned int)n) {
    for (unsigned int row = from + threadIdx.y; row < end; row += 8) {
      size_t at = (size_t)row * n + j;
      sums[0] += dy[at];
      sums[1] += dy[at] * ((x[at] - mean[j]) * inverse[j]);
    }
  }
  for (int of = 0; of < 2; of++) shared[of][threadIdx.y][threadIdx.x] = sums[of];
  __syncthreads();
  if (threadIdx.y > 0 || j >= (unsigned int)n) return;
  for (int of = 0; of < 2; of++) {
    float sum = 0.0f;
    for (int y = 0; y < 8; y++) sum += shared[of][y][threadIdx.x];
    partial[((size_t)blockIdx.y * 2 + of) * n + j] = sum;
  }
}

// dx = scale (dy - mean(dy) - x^ mean(dy x^)) by column of x (rows, n), from sums (2, n) as above.
extern "C" __global__ void batch_norm_gradient(
    const float *x, const float *dy, const float *mean, const float *inverse, const float *scale,
    const float *sums, float *dx, int rows, int n, int size) {
  unsigned int i = global_index();
  if (i >= (unsigned int)size) return;
  unsigned int j = i % (unsigned int)n;
  float normalized = (x[i] - mean[j]) * inverse[j];
  dx[i] = scale[j] * (dy[i] - (sums[j] + normalized * sums[n + j]) / (float)rows);
}

// out = x scale + shift by column of x (size / n, n).
extern "C" __global__ void affine(
    const float *x, const float *scale, const float *shift, float *out, int n, int size) {
  unsigned int i = global_index();
  if (i >= (unsigned int)size) return;
  unsigned int j = i % (unsigned int)n;
  out[i] = x[i] * scale[j] + shift[j];
}
