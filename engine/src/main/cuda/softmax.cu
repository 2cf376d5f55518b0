// Softmax: one warp per row.
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
