// What the parts of the emulator share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kernels.h"

#define API extern "C" __attribute__((visibility("default")))
#define SHARED __attribute__((visibility("default")))

using CUresult = int;
using CUdeviceptr = unsigned long long;

enum : CUresult {
  CUDA_SUCCESS = 0,
  CUDA_ERROR_INVALID_VALUE = 1,
  CUDA_ERROR_OUT_OF_MEMORY = 2,
  CUDA_ERROR_NOT_INITIALIZED = 3,
  CUDA_ERROR_NO_DEVICE = 100,
  CUDA_ERROR_INVALID_DEVICE = 101,
  CUDA_ERROR_INVALID_CONTEXT = 201,
  CUDA_ERROR_INVALID_PTX = 218,
  CUDA_ERROR_INVALID_HANDLE = 400,
  CUDA_ERROR_NOT_FOUND = 500,
  CUDA_ERROR_ILLEGAL_ADDRESS = 700,
  CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES = 701,
  CUDA_ERROR_LAUNCH_FAILED = 719,
  CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900,
  CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901,
  CUDA_ERROR_STREAM_CAPTURE_UNMATCHED = 903,
  CUDA_ERROR_STREAM_CAPTURE_UNJOINED = 904,
  CUDA_ERROR_STREAM_CAPTURE_IMPLICIT = 906,
  CUDA_ERROR_CAPTURED_EVENT = 907,
  CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD = 908,
};

struct CUstream_st;
using CUstream = CUstream_st*;

namespace emulated {

// Work for the device; what it returns, if not success, breaks the context for good.
using Op = std::function<CUresult()>;

// Everything that tests set or read by name; see README.md.
struct State {
  long total_memory = 2L << 30;
  long driver_version = 13000;
  long device_count = 1;
  long init_result = 0;
  long guard = 0;    // an unreadable page behind each allocation
  long lazy = 0;     // run work as late as a device may, instead of at once; 2: copies to it early
  long reverse = 0;  // last thread and last block first
  long fail_launch = 0;
  long fail_gemm = 0;
  long fail_status = CUDA_ERROR_LAUNCH_FAILED;
  long refuse_launch = 0;
  long fail_alloc = 0;

  long allocations = 0, bytes = 0, pinned = 0, streams = 0, events = 0, graphs = 0;
  long leaked = 0;  // of all these, when the primary context was released
  long launches = 0, kernels = 0, graph_launches = 0, gemms = 0;
  long nodes = 0;  // of the graph that was made last
  long htod = 0, dtoh = 0, dtod = 0, syncs = 0;

  bool initialised = false;
  CUresult broken = CUDA_SUCCESS;  // the error that every later call returns
};
extern State state;
extern std::recursive_mutex mutex;

// Counts down to a fault on demand; true at the chosen call.
inline bool due(long& countdown) { return countdown > 0 && --countdown == 0; }

// Whether a call that needs a context may go on: not before cuInit, not without a current context,
// not after a fault of the device.
CUresult usable();
#define ENTER                                             \
  std::lock_guard<std::recursive_mutex> entered(mutex);   \
  if (CUresult unusable = usable(); unusable != CUDA_SUCCESS) return unusable

// blocks.cpp
struct Launch {
  const Kernel* kernel;
  dim3 grid, block;
  unsigned shared;
  std::vector<uint64_t> storage;  // the parameters' values, 16 bytes aligned
  std::vector<size_t> offsets;
};
CUresult run(const Launch& launch);
const Kernel* find_kernel(const std::string& name);

// memory.cpp
SHARED bool is_device(CUdeviceptr from, size_t bytes);
CUresult check_guards();
std::string describe_address(const void* address);
void free_everything();

// streams.cpp
// Runs op in the stream's order or, while the stream captures, records it.
SHARED CUresult enqueue(CUstream stream, Op op);
SHARED bool is_capturing(CUstream stream);
// Runs what the stream has put off.
void catch_up(CUstream stream);
// For calls that wait or allocate: fails, and spoils the capture, if a capture forbids them.
CUresult unsafe_call();
// Runs whatever has been put off, and checks the guards.
CUresult finish_everything();
void forget_streams();

SHARED bool is_ready();
SHARED void count_gemm();
SHARED CUresult gemm_fault();  // the one on demand, if this product has it

}  // namespace emulated
