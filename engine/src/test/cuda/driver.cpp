// Initialisation, the device, contexts, modules and launches; what tests set and count.
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "emulator.h"

namespace emulated {
namespace {
struct Name {
  const char* name;
  long State::* value;
};
constexpr Name kSettings[] = {
    {"total-memory", &State::total_memory}, {"driver-version", &State::driver_version},
    {"device-count", &State::device_count}, {"init-result", &State::init_result},
    {"guard", &State::guard},               {"lazy", &State::lazy},
    {"reverse", &State::reverse},           {"fail-launch", &State::fail_launch},
    {"refuse-launch", &State::refuse_launch}, {"fail-alloc", &State::fail_alloc},
    {"fail-gemm", &State::fail_gemm},       {"fail-status", &State::fail_status},
};
constexpr Name kCounters[] = {
    {"allocations", &State::allocations}, {"bytes", &State::bytes},
    {"leaked", &State::leaked},           {"pinned", &State::pinned},
    {"streams", &State::streams},
    {"events", &State::events},           {"graphs", &State::graphs},
    {"launches", &State::launches},       {"kernels", &State::kernels},
    {"graph-launches", &State::graph_launches}, {"gemms", &State::gemms},
    {"nodes", &State::nodes},
    {"htod", &State::htod},               {"dtoh", &State::dtoh},
    {"dtod", &State::dtod},               {"syncs", &State::syncs},
};

// EMULATED_CUDA_TOTAL_MEMORY and so on.
State initial_state() {
  State fresh;
  for (const Name& setting : kSettings) {
    std::string variable = "EMULATED_CUDA_";
    for (const char* c = setting.name; *c != 0; c++) {
      variable += *c == '-' ? '_' : static_cast<char>(std::toupper(*c));
    }
    if (const char* text = std::getenv(variable.c_str())) {
      fresh.*setting.value = std::atol(text);
    }
  }
  return fresh;
}

int retained;
thread_local std::vector<void*> contexts;
char primary;  // its address is the context
}  // namespace

State state = initial_state();
std::recursive_mutex mutex;

CUresult usable() {
  if (!state.initialised) return CUDA_ERROR_NOT_INITIALIZED;
  if (retained == 0 || contexts.empty() || contexts.back() != &primary) {
    return CUDA_ERROR_INVALID_CONTEXT;
  }
  return state.broken;
}

bool is_ready() { return state.initialised && state.device_count > 0; }
void count_gemm() { state.gemms++; }
CUresult gemm_fault() {
  return due(state.fail_gemm) ? static_cast<CUresult>(state.fail_status) : CUDA_SUCCESS;
}
}  // namespace emulated

using namespace emulated;

struct CUfunc_st {
  const Kernel* kernel;
  int max_shared = 48 * 1024;
};
struct CUmod_st {
  std::string text;
  std::vector<CUfunc_st*> functions;
};
static std::set<CUmod_st*> modules;
static std::set<CUfunc_st*> functions;

static void forget_module(CUmod_st* module) {
  for (CUfunc_st* function : module->functions) {
    functions.erase(function);
    delete function;
  }
  modules.erase(module);
  delete module;
}

static void forget_everything() {
  forget_streams();
  free_everything();
  while (!modules.empty()) forget_module(*modules.begin());
}

// Takes "reset" too, which frees everything and puts settings and counters back.
API int emulated_cuda_set(const char* key, long value) {
  std::lock_guard<std::recursive_mutex> entered(mutex);
  if (std::string(key) == "reset") {
    forget_everything();
    state = initial_state();
    retained = 0;
    contexts.clear();
    return 0;
  }
  for (const Name& setting : kSettings) {
    if (std::string(key) == setting.name) {
      state.*setting.value = value;
      return 0;
    }
  }
  return 1;
}

API long emulated_cuda_get(const char* key) {
  std::lock_guard<std::recursive_mutex> entered(mutex);
  for (const Name& counter : kCounters) {
    if (std::string(key) == counter.name) return state.*counter.value;
  }
  return -1;
}

API CUresult cuInit(unsigned flags) {
  std::lock_guard<std::recursive_mutex> entered(mutex);
  if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
  if (state.init_result != 0) return static_cast<CUresult>(state.init_result);
  state.initialised = true;
  return CUDA_SUCCESS;
}

API CUresult cuDriverGetVersion(int* version) {
  *version = static_cast<int>(state.driver_version);
  return CUDA_SUCCESS;
}

API CUresult cuDeviceGetCount(int* count) {
  if (!state.initialised) return CUDA_ERROR_NOT_INITIALIZED;
  *count = static_cast<int>(state.device_count);
  return CUDA_SUCCESS;
}

static CUresult check_device(int device) {
  if (!state.initialised) return CUDA_ERROR_NOT_INITIALIZED;
  return device >= 0 && device < state.device_count ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

API CUresult cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return check_device(ordinal);
}

API CUresult cuDeviceGetName(char* name, int length, int device) {
  std::snprintf(name, static_cast<size_t>(length), "Emulated GPU");
  return check_device(device);
}

API CUresult cuDeviceTotalMem_v2(size_t* bytes, int device) {
  *bytes = static_cast<size_t>(state.total_memory);
  return check_device(device);
}

API CUresult cuDeviceGetAttribute(int* value, int attribute, int device) {
  // As an H100 answers; the clock rates and the rest are left at 0.
  static const std::map<int, int> values = {
      {1, 1024},       {2, 1024},      {3, 1024},   {4, 64},       // block: threads, x, y, z
      {5, 2147483647}, {6, 65535},     {7, 65535},                 // grid: x, y, z
      {8, 49152},      {10, 32},       {12, 65536}, {16, 132},     // shared, warp, registers, SMs
      {31, 1},         {38, 50 << 20}, {39, 2048},  {40, 3},       // L2, threads per SM, copies
      {41, 1},         {75, 9},        {76, 0},     {81, 233472},  // capability, shared per SM
      {82, 65536},     {95, 1},        {97, 232448}, {106, 32},    // shared at most, blocks per SM
  };
  auto found = values.find(attribute);
  *value = found == values.end() ? 0 : found->second;
  return check_device(device);
}

API CUresult cuDevicePrimaryCtxRetain(void** context, int device) {
  std::lock_guard<std::recursive_mutex> entered(mutex);
  if (CUresult no = check_device(device); no != CUDA_SUCCESS) return no;
  retained++;
  *context = &primary;
  return CUDA_SUCCESS;
}

// The last release frees what the context holds, and with it a fault's aftermath.
API CUresult cuDevicePrimaryCtxRelease_v2(int device) {
  std::lock_guard<std::recursive_mutex> entered(mutex);
  if (CUresult no = check_device(device); no != CUDA_SUCCESS) return no;
  if (retained == 0) return CUDA_ERROR_INVALID_CONTEXT;
  if (--retained == 0) {
    state.leaked = state.allocations + state.pinned + state.streams + state.events + state.graphs;
    forget_everything();
    state.broken = CUDA_SUCCESS;
  }
  return CUDA_SUCCESS;
}

API CUresult cuCtxSetCurrent(void* context) {
  if (!state.initialised) return CUDA_ERROR_NOT_INITIALIZED;
  if (context != nullptr && (context != &primary || retained == 0)) {
    return CUDA_ERROR_INVALID_CONTEXT;
  }
  if (!contexts.empty()) contexts.pop_back();
  if (context != nullptr) contexts.push_back(context);
  return CUDA_SUCCESS;
}

API CUresult cuCtxGetCurrent(void** context) {
  if (!state.initialised) return CUDA_ERROR_NOT_INITIALIZED;
  *context = contexts.empty() ? nullptr : contexts.back();
  return CUDA_SUCCESS;
}

API CUresult cuCtxPushCurrent_v2(void* context) {
  if (!state.initialised) return CUDA_ERROR_NOT_INITIALIZED;
  if (context != &primary) return CUDA_ERROR_INVALID_CONTEXT;
  contexts.push_back(context);
  return CUDA_SUCCESS;
}

API CUresult cuCtxPopCurrent_v2(void** context) {
  if (contexts.empty()) return CUDA_ERROR_INVALID_CONTEXT;
  if (context != nullptr) *context = contexts.back();
  contexts.pop_back();
  return CUDA_SUCCESS;
}

API CUresult cuCtxGetDevice(int* device) {
  ENTER;
  *device = 0;
  return CUDA_SUCCESS;
}

// PTX begins with .version, behind blanks and comments.
static bool looks_like_ptx(const char* at) {
  for (;;) {
    while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r') at++;
    if (std::strncmp(at, "//", 2) == 0) {
      at += std::strcspn(at, "\n");
    } else {
      return std::strncmp(at, ".version", 8) == 0 && std::strstr(at, ".target") != nullptr;
    }
  }
}

API CUresult cuModuleLoadDataEx(CUmod_st** module, const void* image, unsigned, int*, void**) {
  ENTER;
  if (module == nullptr || image == nullptr) return CUDA_ERROR_INVALID_VALUE;
  const char* text = static_cast<const char*>(image);
  if (!looks_like_ptx(text)) return CUDA_ERROR_INVALID_PTX;
  *module = new CUmod_st{text, {}};
  modules.insert(*module);
  return CUDA_SUCCESS;
}

API CUresult cuModuleLoadData(CUmod_st** module, const void* image) {
  return cuModuleLoadDataEx(module, image, 0, nullptr, nullptr);
}

API CUresult cuModuleUnload(CUmod_st* module) {
  ENTER;
  if (!modules.count(module)) return CUDA_ERROR_INVALID_HANDLE;
  forget_module(module);
  return CUDA_SUCCESS;
}

API CUresult cuModuleGetFunction(CUfunc_st** function, CUmod_st* module, const char* name) {
  ENTER;
  if (!modules.count(module)) return CUDA_ERROR_INVALID_HANDLE;
  std::string entry = std::string(".entry ") + name;
  size_t at = module->text.find(entry);
  while (at != std::string::npos) {
    char next = module->text[at + entry.size()];
    if (!std::isalnum(static_cast<unsigned char>(next)) && next != '_' && next != '$') break;
    at = module->text.find(entry, at + 1);
  }
  const Kernel* kernel = find_kernel(name);
  if (at == std::string::npos || kernel == nullptr) {
    std::fprintf(stderr, "emulated CUDA: no kernel %s in %s\n", name,
                 kernel == nullptr ? "the sources" : "the PTX");
    return CUDA_ERROR_NOT_FOUND;
  }
  *function = new CUfunc_st{kernel};
  functions.insert(*function);
  module->functions.push_back(*function);
  return CUDA_SUCCESS;
}

API CUresult cuFuncSetAttribute(CUfunc_st* function, int attribute, int value) {
  ENTER;
  if (!functions.count(function)) return CUDA_ERROR_INVALID_HANDLE;
  if (attribute != 8) return CUDA_SUCCESS;  // 8: dynamic shared memory at most
  if (value < 0 || value > static_cast<int>(kDynamicShared)) return CUDA_ERROR_INVALID_VALUE;
  function->max_shared = value;
  return CUDA_SUCCESS;
}

API CUresult cuLaunchKernel(CUfunc_st* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx,
                            unsigned by, unsigned bz, unsigned shared, CUstream stream,
                            void** parameters, void** extra) {
  ENTER;
  if (!functions.count(function)) return CUDA_ERROR_INVALID_HANDLE;
  if (due(state.refuse_launch)) return CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES;
  const Kernel* kernel = function->kernel;
  bool fits = gx > 0 && gx <= 2147483647u && gy > 0 && gy <= 65535 && gz > 0 && gz <= 65535 &&
              bx > 0 && by > 0 && bz > 0 && bx <= 1024 && by <= 1024 && bz <= 64 &&
              bx * by * bz <= 1024 && shared <= static_cast<unsigned>(function->max_shared);
  bool complete = extra == nullptr && (kernel->parameters == 0 || parameters != nullptr);
  for (int i = 0; complete && i < kernel->parameters; i++) {
    complete = parameters[i] != nullptr;
  }
  if (!fits || !complete) {
    std::fprintf(stderr,
                 "emulated CUDA: refused %s, grid (%u, %u, %u), block (%u, %u, %u), %u bytes of "
                 "shared memory%s\n",
                 kernel->name, gx, gy, gz, bx, by, bz, shared,
                 complete ? "" : ", parameters missing");
    return CUDA_ERROR_INVALID_VALUE;
  }
  Launch launch{kernel, {gx, gy, gz}, {bx, by, bz}, shared, {}, {}};
  size_t words = 0;
  for (int i = 0; i < kernel->parameters; i++) {
    launch.offsets.push_back(words);
    words += (kernel->sizes[i] + 15) / 16 * 2;
  }
  launch.storage.resize(words);
  for (int i = 0; i < kernel->parameters; i++) {
    std::memcpy(launch.storage.data() + launch.offsets[static_cast<size_t>(i)], parameters[i],
                kernel->sizes[i]);
  }
  state.launches++;
  bool fails = due(state.fail_launch);
  return enqueue(stream, [launch = std::move(launch), fails] {
    return fails ? static_cast<CUresult>(state.fail_status) : run(launch);
  });
}

static const std::map<CUresult, std::pair<const char*, const char*>>& errors() {
#define ERROR(code, text) {code, {#code, text}}
  static const std::map<CUresult, std::pair<const char*, const char*>> all = {
      ERROR(CUDA_SUCCESS, "no error"),
      ERROR(CUDA_ERROR_INVALID_VALUE, "invalid argument"),
      ERROR(CUDA_ERROR_OUT_OF_MEMORY, "out of memory"),
      ERROR(CUDA_ERROR_NOT_INITIALIZED, "initialization error"),
      ERROR(CUDA_ERROR_NO_DEVICE, "no CUDA-capable device is detected"),
      ERROR(CUDA_ERROR_INVALID_DEVICE, "invalid device ordinal"),
      ERROR(CUDA_ERROR_INVALID_CONTEXT, "invalid device context"),
      ERROR(CUDA_ERROR_INVALID_PTX, "a PTX JIT compilation failed"),
      ERROR(CUDA_ERROR_INVALID_HANDLE, "invalid resource handle"),
      ERROR(CUDA_ERROR_NOT_FOUND, "named symbol not found"),
      ERROR(CUDA_ERROR_ILLEGAL_ADDRESS, "an illegal memory access was encountered"),
      ERROR(CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, "too many resources requested for launch"),
      ERROR(CUDA_ERROR_LAUNCH_FAILED, "unspecified launch failure"),
      ERROR(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
            "operation not permitted when stream is capturing"),
      ERROR(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED,
            "operation failed due to a previous error during capture"),
      ERROR(CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, "capture was not ended in the same stream"),
      ERROR(CUDA_ERROR_STREAM_CAPTURE_UNJOINED, "capture was not joined to the origin stream"),
      ERROR(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT,
            "operation would make the legacy stream depend on a capturing stream"),
      ERROR(CUDA_ERROR_CAPTURED_EVENT, "operation not permitted on an event last recorded in a "
                                       "capturing stream"),
      ERROR(CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD,
            "attempt to terminate a thread-local capture from another thread"),
      {803, {"CUDA_ERROR_SYSTEM_DRIVER_MISMATCH",
             "system has unsupported display driver / cuda driver combination"}},
      {999, {"CUDA_ERROR_UNKNOWN", "unknown error"}},
  };
#undef ERROR
  return all;
}

API CUresult cuGetErrorName(CUresult error, const char** text) {
  auto found = errors().find(error);
  *text = found == errors().end() ? nullptr : found->second.first;
  return *text == nullptr ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

API CUresult cuGetErrorString(CUresult error, const char** text) {
  auto found = errors().find(error);
  *text = found == errors().end() ? nullptr : found->second.second;
  return *text == nullptr ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}
