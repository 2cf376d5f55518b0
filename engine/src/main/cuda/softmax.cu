// Softmax, and the competition of soft-WTA around it: one warp per row.
#include "walk.cuh"

extern "C" __global__ void softmax(const float *x, float scale, float *out, int rows, int n) {
  unsigned int row = global_index() / 32;
  if (row >= (unsigned int)rows) return;
  const float *in = x + (size_t)row * n;
  float *result = out + (size_t)row * n;
  unsigned int lane = threadIdx.x % 32;
  float top = -INFINITY;
  for (int j = lane; j < n; j += 32) top = larger(top, in[j]);
  top = warp_max(top);
  float sum = 0.0f;
  for (int j = lane; j < n; j += 32) {
    float e = expf(scale * (in[j] - top));
    result[j] = e;
    sum += e;
  }
  float inverse = 1.0f / warp_sum(sum);
  for (int j = lane; j < n; j += 32) result[j] *= inverse;
}

// y (rows, n) holds x w and becomes max(0, x w / |w|); shares receives R, how the neurons share
// each row: softmax over n of scale ((1 + cos) / 2)^2.
extern "C" __global__ void compete(
    float *y, const float *patchNorms, const float *neuronNorms, float scale, float *shares,
    int rows, int n) {
  unsigned int row = global_index() / 32;
  if (row >= (unsigned int)rows) return;
  float *outputs = y + (size_t)row * n;
  float *share = shares + (size_t)row * n;
  unsigned int lane = threadIdx.x % 32;
  float inverseNorm = 1.0f / patchNorms[row];
  float top = -INFINITY;
  for (int j = lane; j < n; j += 32) {
    float projection = outputs[j] / neuronNorms[j];
    float raised = 0.5f * (1.0f + projection * inverseNorm);
    float similarity = raised * raised;
    outputs[j] = projection <= 0.0f ? 0.0f : projection;
    share[j] = similarity;
    top = larger(top, similarity);
  }
  top = warp_max(top);
  float sum = 0.0f;
  for (int j = lane; j < n; j += 32) {
    float e = expf(scale * (share[j] - top));
    share[j] = e;
    sum += e;
  }
  float inverse = 1.0f / warp_sum(sum);
  for (int j = lane; j < n; j += 32) share[j] *= inverse;
}

// Squares R (rows, n) in its place; partial (parts, 2, n) receives, part by part of the rows, the
// sums of R and of R^2. Blocks are (32, 8) threads.
extern "C" __global__ void square_shares(float *shares, float *partial, int rows, int n) {
  __shared__ float first[8][32];
  __shared__ float second[8][32];
  unsigned int j = global_index();
  unsigned int chunk = (rows + gridDim.y - 1) / gridDim.y;
  unsigned int from = blockIdx.y * chunk;
  unsigned int end = min(from + chunk, (unsigned int)rows);
  float sum = 0.0f;
  float squares = 0.0f;
  if (j < (unsigned int)n) {
    for (unsigned int row = from + threadIdx.y; row < end; row += 8) {
      float r = shares[(size_t)row * n + j];
      shares[(size_t)row * n + j] = r * r;
      sum += r;
      squares += r * r;
    }
  }
  first[threadIdx.y][threadIdx.x] = sum;
  second[threadIdx.y][threadIdx.x] = squares;
  __syncthreads();
  if (threadIdx.y > 0 || j >= (unsigned int)n) return;
  for (int y = 1; y < 8; y++) {
    sum += first[y][threadIdx.x];
    squares += second[y][threadIdx.x];
  }
  partial[(size_t)blockIdx.y * 2 * n + j] = sum;
  partial[((size_t)blockIdx.y * 2 + 1) * n + j] = squares;
}
