// What the residual form of HPCA needs between its products.
#include "walk.cuh"

// left (blocks, size) holds what each of the first `known` blocks of neurons reconstructs of x
// (size), and receives scale times what the blocks before it leave of x; rest (size) receives what
// all of them leave. Eight loads are on their way at once.
extern "C" __global__ void residuals(
    const float *x, float *left, float *rest, float scale, int known, int blocks, int size) {
  unsigned int i = global_index();
  if (i >= (unsigned int)size) return;
  float residual = x[i];
  for (int from = 0; from < blocks; from += 8) {
    float reconstructed[8];
#pragma unroll
    for (int k = 0; k < 8; k++) {
      reconstructed[k] = from + k < known ? left[(size_t)(from + k) * size + i] : 0.0f;
    }
#pragma unroll
    for (int k = 0; k < 8; k++) {
      if (from + k < blocks) left[(size_t)(from + k) * size + i] = scale * residual;
      residual -= reconstructed[k];
    }
  }
  rest[i] = residual;
}
