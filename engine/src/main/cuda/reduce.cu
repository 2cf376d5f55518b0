// Reductions. The walk `kept` leads through x and out by output, `reduced` through x by element of
// one output. Long ones are cut in parts, whose results are reduced by the same kernels: the order
// of additions depends on shapes only, so that results are the same in every run.
#include "walk.cuh"

// Numbered as in Codes.java.
static __device__ inline float accumulate(int op, float sum, float x) {
  return op == 0 ? sum + x : op == 1 ? sum + x * x : larger(sum, x);
}

// The norm of a vector from its squares' sum; 1 if that is 0.
static __device__ inline float norm(float squares) {
  float root = sqrtf(squares);
  return root == 0.0f ? 1.0f : root;
}

// What becomes of a result, numbered as in CudaReductions.java: stored, added, or stored as a norm.
static __device__ inline void finish(int how, float *out, float result) {
  *out = how == 1 ? *out + result : how == 2 ? norm(result) : result;
}

static __device__ inline float none(int op) { return op == 2 ? -INFINITY : 0.0f; }

// One warp per output and part: for elements that are neighbours. Outputs of a part lie together.
extern "C" __global__ void reduce_rows(
    int op, Walk kept, Walk reduced, const float *x, float *out, int outputs, int count, int parts,
    int how) {
  unsigned int warp = global_index() / 32;
  unsigned int lane = threadIdx.x % 32;
  unsigned int output = warp / parts;
  unsigned int part = warp - output * parts;
  if (output >= (unsigned int)outputs) return;
  int at[2];
  positions(kept, output, at);
  unsigned int chunk = (count + parts - 1) / parts;
  unsigned int from = part * chunk;
  unsigned int end = min(from + chunk, (unsigned int)count);
  float result = none(op);
  for (unsigned int i = from + lane; i < end; i += 32) {
    result = accumulate(op, result, x[at[0] + position(reduced, 0, i)]);
  }
  result = op == 2 ? warp_max(result) : warp_sum(result);
  if (lane > 0) return;
  int to = parts > 1 ? (int)(part * outputs + output) : at[1];
  finish(how, out + to, result);
}

// One thread per output, and a few of them per part: for outputs that are neighbours. Blocks are
// (32, 8) threads, or (256, 1) where there is little to reduce. Outputs of a part lie together.
extern "C" __global__ void reduce_columns(
    int op, Walk kept, Walk reduced, const float *x, float *out, int outputs, int count, int parts,
    int how) {
  __shared__ float shared[256];
  unsigned int output = global_index();
  unsigned int part = blockIdx.y;
  unsigned int chunk = (count + parts - 1) / parts;
  unsigned int from = part * chunk;
  unsigned int end = min(from + chunk, (unsigned int)count);
  int at[2] = {0, 0};
  float result = none(op);
  if (output < (unsigned int)outputs) {
    positions(kept, output, at);
    for (unsigned int i = from + threadIdx.y; i < end; i += blockDim.y) {
      result = accumulate(op, result, x[at[0] + position(reduced, 0, i)]);
    }
  }
  shared[threadIdx.y * blockDim.x + threadIdx.x] = result;
  __syncthreads();
  if (threadIdx.y > 0 || output >= (unsigned int)outputs) return;
  for (unsigned int y = 1; y < blockDim.y; y++) {
    float other = shared[y * blockDim.x + threadIdx.x];
    result = op == 2 ? larger(result, other) : result + other;
  }
  int to = parts > 1 ? (int)(part * outputs + output) : at[1];
  finish(how, out + to, result);
}

// Sums over windows of kh x kw pixels (images, h, w), one for each of n windows; finished likewise.
extern "C" __global__ void window_sums(
    const float *pixels, float *out, int h, int w, int kh, int kw, int n,
    int how) {
  unsigned int i = global_index();
  if (i >= (unsigned int)n) return;
  unsigned int columns = w - kw + 1;
  unsigned int rows = h - kh + 1;
  unsigned int line = i / columns;
  unsigned int image = line / rows;
  const float *corner = pixels + ((size_t)image * h + (line - image * rows)) * w + i % columns;
  float sum = 0.0f;
  for (int y = 0; y < kh; y++) {
    float run = 0.0f;
    for (int x = 0; x < kw; x++) run += corner[y * w + x];
    sum += run;
  }
  finish(how, out + i, sum);
}
