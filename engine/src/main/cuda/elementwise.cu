// Element-wise operations: over flat memory four elements per thread, over anything else one.
#include "walk.cuh"

// Numbered as in Codes.java.
static __device__ inline float unary(int op, float x, float p) {
  switch (op) {
    case 0: return x;
    case 1: return p;
    case 2: return x + p;
    case 3: return x * p;
    case 4: return x <= 0.0f ? 0.0f : x;
    case 5: return x * x;
    case 6: return sqrtf(x);
    case 7: return expf(x);
    case 8: return logf(x);
    default: return x == 0.0f ? 1.0f : x;
  }
}

// Numbered as in Codes.java; `held` is what the output held.
static __device__ inline float binary(int op, float a, float b, float held) {
  switch (op) {
    case 0: return a + b;
    case 1: return a - b;
    case 2: return a * b;
    case 3: return a / b;
    case 4: return larger(a, b);
    case 5: return held + a * b;
    default: return b > 0.0f ? a : 0.0f;
  }
}

extern "C" __global__ void map_flat(int op, const float *x, float p, float *out, int n) {
  unsigned int from = 4 * global_index();
  if (from + 4 <= (unsigned int)n && aligned(x) && aligned(out)) {
    Four in = *(const Four *)(x + from);
    Four result;
    for (int i = 0; i < 4; i++) result.at[i] = unary(op, in.at[i], p);
    *(Four *)(out + from) = result;
    return;
  }
  for (unsigned int i = from; i < from + 4 && i < (unsigned int)n; i++) {
    out[i] = unary(op, x[i], p);
  }
}

// The walk leads through x and out.
extern "C" __global__ void map_strided(
    int op, Walk walk, const float *x, float p, float *out, int n) {
  unsigned int i = global_index();
  if (i >= (unsigned int)n) return;
  int at[2];
  positions(walk, i, at);
  out[at[1]] = unary(op, x[at[0]], p);
}

extern "C" __global__ void zip_flat(
    int op, const float *a, const float *b, float *out, int n) {
  unsigned int from = 4 * global_index();
  bool adds = op == 5;
  if (from + 4 <= (unsigned int)n && aligned(a) && aligned(b) && aligned(out)) {
    Four x = *(const Four *)(a + from);
    Four y = *(const Four *)(b + from);
    Four result = adds ? *(const Four *)(out + from) : x;
    for (int i = 0; i < 4; i++) result.at[i] = binary(op, x.at[i], y.at[i], result.at[i]);
    *(Four *)(out + from) = result;
    return;
  }
  for (unsigned int i = from; i < from + 4 && i < (unsigned int)n; i++) {
    out[i] = binary(op, a[i], b[i], adds ? out[i] : 0.0f);
  }
}

// The walk leads through a, b and out. Broadcasting is a stride of 0.
extern "C" __global__ void zip_strided(
    int op, Walk walk, const float *a, const float *b, float *out, int n) {
  unsigned int i = global_index();
  if (i >= (unsigned int)n) return;
  int at[3];
  positions(walk, i, at);
  out[at[2]] = binary(op, a[at[0]], b[at[1]], op == 5 ? out[at[2]] : 0.0f);
}
