// CUDA C++ for the emulator: what a kernel source sees instead of nvcc's built-ins.
// Threads of a block are fibers on one host thread, so plain globals serve as their registers.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

struct uint3 {
  unsigned x, y, z;
};
struct dim3 {
  unsigned x = 1, y = 1, z = 1;
};
struct alignas(8) float2 {
  float x, y;
};
struct float3 {
  float x, y, z;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
struct alignas(8) int2 {
  int x, y;
};
struct alignas(16) int4 {
  int x, y, z, w;
};
struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};

inline float2 make_float2(float x, float y) { return {x, y}; }
inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline int2 make_int2(int x, int y) { return {x, y}; }
inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }

namespace emulated {
constexpr unsigned kDynamicShared = 227 * 1024;

// Set by blocks.cpp before a thread runs or goes on.
extern uint3 thread_index, block_index;
extern dim3 block_dim, grid_dim;
extern unsigned char dynamic_shared[];

enum class Warp { kSync, kShuffle, kBallot };
void sync_threads();
// Waits for the lanes of mask; gives the offer of lane source, or the ballot of all offers.
uint64_t sync_warp(Warp what, unsigned mask, uint64_t offer, int source);
int lane();

// How a kernel is called: parameters as cuLaunchKernel gets them, one pointer each.
struct Kernel {
  const char* name;
  const size_t* sizes;
  int parameters;
  void (*run)(void* const* parameters);
  // The static __shared__ arrays of its source file.
  char* shared;
  char* shared_end;
};
void add_kernel(const Kernel& kernel);

template <typename F>
struct Signature;
template <typename... P>
struct Signature<void (*)(P...)> {
  static constexpr int kCount = sizeof...(P);
  static constexpr size_t kSizes[kCount + 1] = {sizeof(P)..., 0};
  template <void (*kernel)(P...), size_t... I>
  static void call(void* const* p, std::index_sequence<I...>) {
    (void)p;
    kernel(*static_cast<std::remove_cv_t<P>*>(p[I])...);
  }
  template <void (*kernel)(P...)>
  static void run(void* const* p) {
    call<kernel>(p, std::index_sequence_for<P...>{});
  }
};

template <auto kernel>
struct Registration {
  Registration(const char* name, char* shared, char* shared_end) {
    using S = Signature<decltype(kernel)>;
    add_kernel({name, S::kSizes, S::kCount, S::template run<kernel>, shared, shared_end});
  }
};

template <typename T>
T shuffle(unsigned mask, T value, int source) {
  static_assert(sizeof(T) <= 8 && std::is_arithmetic_v<T>);
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bits = sync_warp(Warp::kShuffle, mask, bits, source);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
}  // namespace emulated

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __grid_constant__
#define __align__(n) __attribute__((aligned(n)))
#define __shared__ static

#define threadIdx emulated::thread_index
#define blockIdx emulated::block_index
#define blockDim emulated::block_dim
#define gridDim emulated::grid_dim
#define warpSize 32

inline void __syncthreads() { emulated::sync_threads(); }
inline void __syncwarp(unsigned mask = ~0u) {
  emulated::sync_warp(emulated::Warp::kSync, mask, 0, 0);
}
inline void __threadfence() {}
inline void __threadfence_block() {}

template <typename T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32) {
  return emulated::shuffle(mask, value, (emulated::lane() & -width) | (source & (width - 1)));
}
template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int other, int width = 32) {
  int source = emulated::lane() ^ other;
  bool beyond = source > (emulated::lane() | (width - 1));
  return emulated::shuffle(mask, value, beyond ? emulated::lane() : source);
}
template <typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  int source = emulated::lane() + static_cast<int>(delta);
  bool beyond = source > (emulated::lane() | (width - 1));
  return emulated::shuffle(mask, value, beyond ? emulated::lane() : source);
}
template <typename T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  int source = emulated::lane() - static_cast<int>(delta);
  bool beyond = source < (emulated::lane() & -width);
  return emulated::shuffle(mask, value, beyond ? emulated::lane() : source);
}
inline unsigned __ballot_sync(unsigned mask, int predicate) {
  return static_cast<unsigned>(
      emulated::sync_warp(emulated::Warp::kBallot, mask, predicate != 0, 0));
}
inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, !predicate) == 0; }

// Nothing runs at the same time, so atomics are plain.
template <typename T>
T atomicAdd(T* at, std::common_type_t<T> value) {
  T old = *at;
  *at += value;
  return old;
}
template <typename T>
T atomicMax(T* at, std::common_type_t<T> value) {
  T old = *at;
  *at = old > value ? old : value;
  return old;
}
template <typename T>
T atomicCAS(T* at, std::common_type_t<T> expected, std::common_type_t<T> value) {
  T old = *at;
  *at = old == expected ? value : old;
  return old;
}

template <typename T>
T __ldg(const T* at) {
  return *at;
}
template <typename A, typename B>
std::common_type_t<A, B> min(A a, B b) {
  return b < a ? b : a;
}
template <typename A, typename B>
std::common_type_t<A, B> max(A a, B b) {
  return a < b ? b : a;
}
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }

inline float rsqrtf(float x) { return 1 / sqrtf(x); }
inline float __expf(float x) { return expf(x); }
inline float __logf(float x) { return logf(x); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __frcp_rn(float x) { return 1 / x; }
inline float __fsqrt_rn(float x) { return sqrtf(x); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
template <typename To, typename From>
To emulated_bits(From from) {
  To to;
  static_assert(sizeof to == sizeof from);
  std::memcpy(&to, &from, sizeof to);
  return to;
}
inline float __int_as_float(int x) { return emulated_bits<float>(x); }
inline int __float_as_int(float x) { return emulated_bits<int>(x); }
inline float __uint_as_float(unsigned x) { return emulated_bits<float>(x); }
inline unsigned __float_as_uint(float x) { return emulated_bits<unsigned>(x); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x)); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline unsigned __umulhi(unsigned a, unsigned b) {
  return static_cast<unsigned>(static_cast<uint64_t>(a) * b >> 32);
}
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return static_cast<unsigned long long>(static_cast<unsigned __int128>(a) * b >> 64);
}
