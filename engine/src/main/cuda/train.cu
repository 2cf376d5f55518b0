// One step of Hebbian learning or of stochastic gradient descent, random numbers, and dropout.
#include "walk.cuh"

// target += eta (a / q - p / q w) in matrices (n, s), with q and p in sums (2, n); 1 for a q of 0.
extern "C" __global__ void add_delta(
    const float *a, const float *w, const float *sums, float eta, float *target, int n, int s,
    int size) {
  unsigned int i = global_index();
  if (i >= (unsigned int)size) return;
  unsigned int neuron = i / (unsigned int)s;
  float q = sums[neuron] == 0.0f ? 1.0f : sums[neuron];
  float p = sums[n + neuron];
  target[i] += eta / q * a[i] - eta * (p / q) * w[i];
}

#define MOST_TENSORS 32

// First elements of some tensors, and a number for each; see Launch.java, which fills them in.
struct Tensors {
  float *at[MOST_TENSORS];
};
struct Numbers {
  int at[MOST_TENSORS];
};

// With Nesterov momentum: g = gradient + decay w, v = momentum v + g, w -= rate (g + momentum v).
// blockIdx.y names the tensor. Without __grid_constant__ each thread would copy what it indexes.
extern "C" __global__ void descend(
    const __grid_constant__ Tensors ws, const __grid_constant__ Tensors gradients,
    const __grid_constant__ Tensors velocities, const __grid_constant__ Numbers sizes, float rate,
    float momentum, float decay) {
  float *w = ws.at[blockIdx.y];
  const float *gradient = gradients.at[blockIdx.y];
  float *velocity = velocities.at[blockIdx.y];
  unsigned int n = sizes.at[blockIdx.y];
  for (unsigned int i = global_index(); i < n; i += gridDim.x * blockDim.x) {
    float old = w[i];
    float g = gradient[i] + decay * old;
    float v = momentum * velocity[i] + g;
    velocity[i] = v;
    w[i] = old - rate * (g + momentum * v);
  }
}

// The finaliser of splitmix64.
static __device__ inline unsigned long long mix(unsigned long long z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

// Element i of the stream of a step: uniform integers of 24 bits, the same as Randomness.java draws.
// The step is read here, so that a graph that is replayed draws anew.
static __device__ inline int drawn(unsigned long long mixedSeed, const float *step, unsigned int i) {
  const unsigned long long golden = 0x9E3779B97F4A7C15ull;
  unsigned long long key = mix(mixedSeed + ((unsigned long long)(long long)*step + 1) * golden);
  return (int)(mix(key + ((unsigned long long)i + 1) * golden) >> 40);
}

// out = scale x where a number drawn from 2^24 is `dropped` or more, else 0.
extern "C" __global__ void dropout(
    const float *x, float scale, int dropped, unsigned long long mixedSeed, const float *step,
    float *out, int n) {
  unsigned int i = global_index();
  if (i < (unsigned int)n) out[i] = drawn(mixedSeed, step, i) < dropped ? 0.0f : x[i] * scale;
}

// out = numbers of [0, 1) of 24 bits.
extern "C" __global__ void uniform(
    unsigned long long mixedSeed, const float *step, float *out, int n) {
  unsigned int i = global_index();
  if (i < (unsigned int)n) out[i] = (float)drawn(mixedSeed, step, i) * 0x1p-24f;
}
