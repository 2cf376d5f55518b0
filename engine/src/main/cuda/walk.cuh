// What all kernels share: positions in strided tensors, and sums over a warp.
#pragma once

#define MOST_LOOPS 10

// Nested loops over the elements of up to three operands; see Launch.java, which fills it in. Offsets
// of first elements are part of the operands' addresses.
struct Walk {
  int depth;
  int sizes[MOST_LOOPS];
  int strides[3][MOST_LOOPS];
};

// Where element i of an operand lies; the last loop runs fastest.
static __device__ inline int position(const Walk &walk, int operand, unsigned int i) {
  int at = 0;
  for (int d = walk.depth - 1; d > 0; d--) {
    unsigned int size = walk.sizes[d];
    unsigned int outer = i / size;
    at += (int)(i - outer * size) * walk.strides[operand][d];
    i = outer;
  }
  return walk.depth == 0 ? 0 : at + (int)i * walk.strides[operand][0];
}

// As above, for the first `operands` operands at once.
template <int operands>
static __device__ inline void positions(const Walk &walk, unsigned int i, int (&at)[operands]) {
  for (int o = 0; o < operands; o++) at[o] = 0;
  if (walk.depth == 0) return;
  for (int d = walk.depth - 1; d > 0; d--) {
    unsigned int size = walk.sizes[d];
    unsigned int outer = i / size;
    int digit = (int)(i - outer * size);
    for (int o = 0; o < operands; o++) at[o] += digit * walk.strides[o][d];
    i = outer;
  }
  for (int o = 0; o < operands; o++) at[o] += (int)i * walk.strides[o][0];
}

// Four neighbours, moved at once.
struct alignas(16) Four {
  float at[4];
};

static __device__ inline bool aligned(const void *x) { return ((unsigned long long)x & 15) == 0; }

// The index of this thread in a grid of one dimension.
static __device__ inline unsigned int global_index() { return blockIdx.x * blockDim.x + threadIdx.x; }

// The larger of two numbers; not a number if one of them is not.
static __device__ inline float larger(float a, float b) { return a > b || a != a ? a : b; }

static __device__ inline float warp_sum(float x) {
  for (int distance = 16; distance > 0; distance /= 2) {
    x += __shfl_xor_sync(0xffffffffu, x, distance);
  }
  return x;
}

static __device__ inline float warp_max(float x) {
  for (int distance = 16; distance > 0; distance /= 2) {
    x = larger(x, __shfl_xor_sync(0xffffffffu, x, distance));
  }
  return x;
}
