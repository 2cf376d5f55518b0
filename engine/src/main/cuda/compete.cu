// The competition of soft-WTA between its two products. Teams of threads take rows in turn, and keep
// a row in registers: thread `lane` of a team has the neurons lane, lane + team, ...
#include "walk.cuh"

// The sum, or the largest, of the numbers of a team: a warp, or a block of 256 threads.
template <int team>
static __device__ inline float of_team(bool largest, float x) {
  x = largest ? warp_max(x) : warp_sum(x);
  if (team == 32) return x;
  __shared__ float warps[8];
  __syncthreads();
  if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = x;
  __syncthreads();
  float all = warps[0];
  for (int i = 1; i < 8; i++) all = largest ? larger(all, warps[i]) : all + warps[i];
  return all;
}

// y (rows, n) holds x w and becomes max(0, x w / |w|). The neurons share each row as R, the softmax
// over n of scale ((1 + cos) / 2)^2; squares receives R^2, and partial (blocks, 2, n) the sums of R
// and of R^2 over the rows of each block. n is at most team times `most`.
template <int team, int most>
static __device__ inline void compete(
    float *y, const float *patchNorms, const float *neuronNorms, float scale, float *squares,
    float *partial, int rows, int n) {
  const unsigned int teams = 256 / team;
  unsigned int lane = threadIdx.x % team;
  float sums[2][most];
#pragma unroll
  for (int k = 0; k < most; k++) sums[0][k] = sums[1][k] = 0.0f;
  for (unsigned int row = blockIdx.x * teams + threadIdx.x / team; row < (unsigned int)rows;
       row += gridDim.x * teams) {
    float inverseNorm = 1.0f / patchNorms[row];
    float share[most];
    float top = -INFINITY;
#pragma unroll
    for (int k = 0; k < most; k++) {
      unsigned int j = lane + k * team;
      if (j >= (unsigned int)n) continue;
      size_t at = (size_t)row * n + j;
      float projection = y[at] / neuronNorms[j];
      float raised = 0.5f * (1.0f + projection * inverseNorm);
      y[at] = projection <= 0.0f ? 0.0f : projection;
      share[k] = raised * raised;
      top = larger(top, share[k]);
    }
    top = of_team<team>(true, top);
    float sum = 0.0f;
#pragma unroll
    for (int k = 0; k < most; k++) {
      if (lane + k * team >= (unsigned int)n) continue;
      share[k] = expf(scale * (share[k] - top));
      sum += share[k];
    }
    float inverse = 1.0f / of_team<team>(false, sum);
#pragma unroll
    for (int k = 0; k < most; k++) {
      unsigned int j = lane + k * team;
      if (j >= (unsigned int)n) continue;
      float r = share[k] * inverse;
      squares[(size_t)row * n + j] = r * r;
      sums[0][k] += r;
      sums[1][k] += r * r;
    }
  }
  __shared__ float shared[8][256];
  for (int of = 0; of < 2; of++) {
    float *result = partial + ((size_t)blockIdx.x * 2 + of) * n;
    for (int k = 0; k < most; k++) {
      unsigned int j = lane + k * team;
      if (j >= (unsigned int)n) continue;
      if (team == 32) shared[threadIdx.x / 32][j] = sums[of][k];
      else result[j] = sums[of][k];
    }
    if (team > 32) continue;
    __syncthreads();
    if (threadIdx.x < n) {
      float sum = 0.0f;
      for (int i = 0; i < 8; i++) sum += shared[i][threadIdx.x];
      result[threadIdx.x] = sum;
    }
    __syncthreads();
  }
}

// A warp for each row, up to 256 neurons.
extern "C" __global__ void compete_narrow(
    float *y, const float *patchNorms, const float *neuronNorms, float scale, float *squares,
    float *partial, int rows, int n) {
  compete<32, 8>(y, patchNorms, neuronNorms, scale, squares, partial, rows, n);
}

// A block for each row, up to 4096 neurons.
extern "C" __global__ void compete_wide(
    float *y, const float *patchNorms, const float *neuronNorms, float scale, float *squares,
    float *partial, int rows, int n) {
  compete<256, 16>(y, patchNorms, neuronNorms, scale, squares, partial, rows, n);
}
