// Strided to gapless memory and back. Gathering a view of patches is im2col: neighbouring threads
// write neighbours, and read them along the runs of kw c values that a patch consists of.
#include "walk.cuh"

extern "C" __global__ void gather(Walk walk, const float *x, float *out, int n) {
  unsigned int i = global_index();
  if (i < (unsigned int)n) out[i] = x[position(walk, 0, i)];
}

// As above in units of four floats, where all runs consist of such.
extern "C" __global__ void gather_fours(Walk walk, const Four *x, Four *out, int n) {
  unsigned int i = global_index();
  if (i < (unsigned int)n) out[i] = x[position(walk, 0, i)];
}

extern "C" __global__ void scatter(Walk walk, const float *x, float *out, int n, int add) {
  unsigned int i = global_index();
  if (i >= (unsigned int)n) return;
  int at = position(walk, 0, i);
  out[at] = add ? out[at] + x[i] : x[i];
}

// Row i of out (rows, n) is row rows[i] of x.
extern "C" __global__ void take(const float *x, const float *rows, float *out, int n, int size) {
  unsigned int i = global_index();
  if (i >= (unsigned int)size) return;
  unsigned int row = i / (unsigned int)n;
  out[i] = x[(long long)rows[row] * n + (i - row * n)];
}
