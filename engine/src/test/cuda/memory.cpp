// Device and pinned memory, copies and fills.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sys/mman.h>

#include "emulator.h"

namespace emulated {
namespace {
constexpr size_t kGuard = 256;
constexpr size_t kPage = 4096;

struct Allocation {
  size_t bytes;
  char* base;
  size_t mapped;  // with a closed page behind it, or 0
};
std::map<CUdeviceptr, Allocation> device;
std::map<uintptr_t, size_t> pinned;

size_t round_up(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

// Everything is NaN at first, guards too: who reads what was never written sees it.
bool allocate(size_t bytes, CUdeviceptr* out) {
  Allocation a{bytes, nullptr, 0};
  size_t inner = round_up(bytes, kGuard);
  char* data;
  if (state.guard) {
    size_t open = round_up(kGuard + inner, kPage);
    a.mapped = open + kPage;
    void* base =
        mmap(nullptr, a.mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
      return false;
    }
    a.base = static_cast<char*>(base);
    std::memset(a.base, 0xff, open);
    mprotect(a.base + open, kPage, PROT_NONE);
    data = a.base + open - inner;
  } else {
    a.base = static_cast<char*>(std::aligned_alloc(kGuard, kGuard + inner + kGuard));
    if (a.base == nullptr) {
      return false;
    }
    std::memset(a.base, 0xff, kGuard + inner + kGuard);
    data = a.base + kGuard;
  }
  *out = reinterpret_cast<CUdeviceptr>(data);
  device[*out] = a;
  state.allocations++;
  state.bytes += bytes;
  return true;
}

CUresult check(CUdeviceptr at, const Allocation& a) {
  const char* data = reinterpret_cast<const char*>(at);
  const char* end = a.mapped ? a.base + a.mapped - kPage
                             : a.base + kGuard + round_up(a.bytes, kGuard) + kGuard;
  auto intact = [](const char* from, const char* to) {
    while (from < to && *from == '\xff') {
      from++;
    }
    return from == to;
  };
  bool before = intact(data - kGuard, data);
  if (before && intact(data + a.bytes, end)) {
    return CUDA_SUCCESS;
  }
  std::fprintf(stderr, "emulated CUDA: something wrote %s an allocation of %zu bytes\n",
               before ? "behind" : "before", a.bytes);
  return CUDA_ERROR_ILLEGAL_ADDRESS;
}

void release(const Allocation& a) {
  if (a.mapped) {
    munmap(a.base, a.mapped);
  } else {
    std::free(a.base);
  }
  state.allocations--;
  state.bytes -= a.bytes;
}

bool is_pinned(const void* at, size_t bytes) {
  uintptr_t from = reinterpret_cast<uintptr_t>(at);
  auto after = pinned.upper_bound(from);
  return after != pinned.begin() && from + bytes <= (--after)->first + after->second;
}

enum class Kind { kHtoD, kDtoH, kDtoD };

CUresult copy(Kind kind, void* to, const void* from, size_t bytes) {
  auto lost = [&](const void* at) {
    return !is_device(reinterpret_cast<CUdeviceptr>(at), bytes);
  };
  // Checked again when it runs: a graph may outlive its memory.
  if ((kind != Kind::kDtoH && lost(to)) || (kind != Kind::kHtoD && lost(from))) {
    std::fprintf(stderr, "emulated CUDA: a copy of %zu bytes touches freed memory\n", bytes);
    return CUDA_ERROR_ILLEGAL_ADDRESS;
  }
  std::memmove(to, from, bytes);
  (kind == Kind::kHtoD ? state.htod : kind == Kind::kDtoH ? state.dtoh : state.dtod)++;
  return CUDA_SUCCESS;
}

CUresult copy_async(Kind kind, CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
  if ((kind != Kind::kDtoH && !is_device(to, bytes)) ||
      (kind != Kind::kHtoD && !is_device(from, bytes))) {
    return CUDA_ERROR_INVALID_VALUE;
  }
  void* target = reinterpret_cast<void*>(to);
  const void* source = reinterpret_cast<const void*>(from);
  bool capturing = is_capturing(stream);
  if (kind == Kind::kHtoD && !capturing && !is_pinned(source, bytes)) {
    // From pageable memory the driver takes a copy before it returns.
    std::vector<char> staged(static_cast<const char*>(source),
                             static_cast<const char*>(source) + bytes);
    return enqueue(stream, [=, staged = std::move(staged)] {
      return copy(kind, target, staged.data(), bytes);
    });
  }
  CUresult result = enqueue(stream, [=] { return copy(kind, target, source, bytes); });
  if (kind == Kind::kHtoD && state.lazy == 2) catch_up(stream);
  if (kind == Kind::kDtoH && !capturing && !is_pinned(target, bytes)) {
    finish_everything();  // to pageable memory it waits
  }
  return result;
}

CUresult copy_now(Kind kind, CUdeviceptr to, CUdeviceptr from, size_t bytes) {
  if (CUresult no = unsafe_call(); no != CUDA_SUCCESS) {
    return no;
  }
  state.syncs++;
  CUresult result = copy_async(kind, to, from, bytes, nullptr);
  CUresult finished = finish_everything();
  return result != CUDA_SUCCESS ? result : finished;
}

template <typename T>
CUresult fill(CUdeviceptr to, T value, size_t count, CUstream stream) {
  if (!is_device(to, count * sizeof(T)) || to % sizeof(T) != 0) {
    return CUDA_ERROR_INVALID_VALUE;
  }
  return enqueue(stream, [=]() -> CUresult {
    if (!is_device(to, count * sizeof(T))) {
      return CUDA_ERROR_ILLEGAL_ADDRESS;
    }
    std::fill_n(reinterpret_cast<T*>(to), count, value);
    return CUDA_SUCCESS;
  });
}
}  // namespace

bool is_device(CUdeviceptr from, size_t bytes) {
  auto after = device.upper_bound(from);
  return after != device.begin() && from + bytes <= (--after)->first + after->second.bytes;
}

CUresult check_guards() {
  for (const auto& [at, allocation] : device) {
    if (CUresult result = check(at, allocation); result != CUDA_SUCCESS) {
      return result;
    }
  }
  return CUDA_SUCCESS;
}

std::string describe_address(const void* address) {
  CUdeviceptr at = reinterpret_cast<CUdeviceptr>(address);
  auto after = device.upper_bound(at);
  char text[160];
  if (after != device.begin() && at - (--after)->first < after->second.bytes + (1 << 20)) {
    std::snprintf(text, sizeof text, "illegal address %p, %lld bytes into an allocation of %zu",
                  address, static_cast<long long>(at - after->first), after->second.bytes);
  } else {
    std::snprintf(text, sizeof text, "illegal address %p, near no allocation", address);
  }
  return text;
}

void free_everything() {
  for (const auto& entry : device) {
    release(entry.second);
  }
  device.clear();
  for (const auto& entry : pinned) {
    std::free(reinterpret_cast<void*>(entry.first));
  }
  pinned.clear();
  state.pinned = 0;
}
}  // namespace emulated

using namespace emulated;

API CUresult cuMemGetInfo_v2(size_t* available, size_t* total) {
  ENTER;
  *total = static_cast<size_t>(state.total_memory);
  *available = static_cast<size_t>(state.total_memory - state.bytes);
  return CUDA_SUCCESS;
}

API CUresult cuMemAlloc_v2(CUdeviceptr* out, size_t bytes) {
  ENTER;
  if (CUresult no = unsafe_call(); no != CUDA_SUCCESS) return no;
  if (out == nullptr || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
  bool full = bytes > static_cast<size_t>(state.total_memory - state.bytes);
  if (due(state.fail_alloc) || full || !allocate(bytes, out)) return CUDA_ERROR_OUT_OF_MEMORY;
  return CUDA_SUCCESS;
}

API CUresult cuMemFree_v2(CUdeviceptr at) {
  ENTER;
  if (CUresult no = unsafe_call(); no != CUDA_SUCCESS) return no;
  if (at == 0) return CUDA_SUCCESS;
  finish_everything();
  auto found = device.find(at);
  if (found == device.end()) return CUDA_ERROR_INVALID_VALUE;
  release(found->second);
  device.erase(found);
  return state.broken;
}

API CUresult cuMemHostAlloc(void** out, size_t bytes, unsigned) {
  ENTER;
  if (CUresult no = unsafe_call(); no != CUDA_SUCCESS) return no;
  if (out == nullptr || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
  *out = std::aligned_alloc(kPage, round_up(bytes, kPage));
  if (*out == nullptr) return CUDA_ERROR_OUT_OF_MEMORY;
  std::memset(*out, 0xff, bytes);
  pinned[reinterpret_cast<uintptr_t>(*out)] = bytes;
  state.pinned++;
  return CUDA_SUCCESS;
}

API CUresult cuMemAllocHost_v2(void** out, size_t bytes) { return cuMemHostAlloc(out, bytes, 0); }

API CUresult cuMemFreeHost(void* at) {
  ENTER;
  if (CUresult no = unsafe_call(); no != CUDA_SUCCESS) return no;
  finish_everything();
  if (pinned.erase(reinterpret_cast<uintptr_t>(at)) == 0) return CUDA_ERROR_INVALID_VALUE;
  std::free(at);
  state.pinned--;
  return state.broken;
}

API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t bytes) {
  ENTER;
  return copy_now(Kind::kHtoD, to, reinterpret_cast<CUdeviceptr>(from), bytes);
}

API CUresult cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t bytes) {
  ENTER;
  return copy_now(Kind::kDtoH, reinterpret_cast<CUdeviceptr>(to), from, bytes);
}

API CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
  ENTER;
  return copy_now(Kind::kDtoD, to, from, bytes);
}

API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, CUstream s) {
  ENTER;
  return copy_async(Kind::kHtoD, to, reinterpret_cast<CUdeviceptr>(from), bytes, s);
}

API CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, CUstream s) {
  ENTER;
  return copy_async(Kind::kDtoH, reinterpret_cast<CUdeviceptr>(to), from, bytes, s);
}

API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream s) {
  ENTER;
  return copy_async(Kind::kDtoD, to, from, bytes, s);
}

API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t n, CUstream s) {
  ENTER;
  return fill(to, value, n, s);
}

API CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t n, CUstream s) {
  ENTER;
  return fill(to, value, n, s);
}

API CUresult cuMemsetD8_v2(CUdeviceptr to, unsigned char value, size_t n) {
  return cuMemsetD8Async(to, value, n, nullptr);
}

API CUresult cuMemsetD32_v2(CUdeviceptr to, unsigned value, size_t n) {
  return cuMemsetD32Async(to, value, n, nullptr);
}
