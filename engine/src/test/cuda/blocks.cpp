// Runs a kernel: one block after another, its threads as fibers on the calling thread.
//
// A fiber runs threads of the block one after another, as plain calls. Only when a thread has to
// wait does it keep its fiber, and another fiber goes on with the rest; a kernel that never waits
// needs one fiber. Switches are setjmp and longjmp, which leave the signal mask alone.
#include <algorithm>
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "emulator.h"

namespace emulated {
uint3 thread_index, block_index;
dim3 block_dim, grid_dim;
constexpr unsigned kCanary = 512;
alignas(256) unsigned char dynamic_shared[kDynamicShared + kCanary];

namespace {
constexpr size_t kStack = 256 * 1024;

struct Fiber {
  char* stack = nullptr;
  size_t colour = 0;
  bool started = false;
  int thread = 0;
  uint3 index{};
  ucontext_t start;
  jmp_buf state;
};

struct Thread {
  Fiber* fiber;
  Warp what;
  unsigned mask;
  uint64_t offer;
  int source;
  uint64_t result;
};

struct WarpState {
  unsigned alive;    // lanes that have not exited
  unsigned waiting;  // lanes inside a warp operation
};

enum Outcome { kDone = 1, kFault = 2, kMixed = 3 };

const Launch* launch;
std::vector<void*> parameters;
std::vector<Thread> threads;
std::vector<WarpState> warps;
std::vector<int> runnable;  // a queue that is refilled when it has run empty
size_t next_runnable;
int size, started, exited, at_barrier;
int current;
Fiber* self;
std::vector<Fiber*> idle;
jmp_buf home;
volatile std::sig_atomic_t in_kernel;
pthread_t kernel_thread;

void fiber_main();

Fiber* fresh_fiber() {
  if (!idle.empty()) {
    Fiber* fiber = idle.back();
    idle.pop_back();
    return fiber;
  }
  static size_t fibers;
  Fiber* fiber = new Fiber;
  fiber->colour = fibers++ % 61;
  // The lowest page stays closed, so that a stack that grows too far is an illegal address.
  void* stack = mmap(nullptr, kStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED || mprotect(stack, 4096, PROT_NONE) != 0) {
    std::abort();
  }
  fiber->stack = static_cast<char*>(stack);
  return fiber;
}

[[noreturn]] void resume(Fiber* fiber) {
  self = fiber;
  if (fiber->started) {
    longjmp(fiber->state, 1);
  }
  fiber->started = true;
  getcontext(&fiber->start);
  fiber->start.uc_stack.ss_sp = fiber->stack;
  // Stacks begin at different places of their pages, or all would meet in the same cache lines.
  fiber->start.uc_stack.ss_size = kStack - fiber->colour * 64;
  makecontext(&fiber->start, fiber_main, 0);
  setcontext(&fiber->start);
  std::abort();
}

void wake(int thread) {
  if (next_runnable == runnable.size()) {
    runnable.clear();
    next_runnable = 0;
  }
  runnable.push_back(thread);
}

// Ends the warp operation of the group that lane belongs to, if all its lanes have come.
void try_release(int warp, int lane) {
  WarpState& w = warps[warp];
  Thread* lanes = &threads[warp * 32];
  unsigned group = lanes[lane].mask & w.alive;
  if ((group & ~w.waiting) != 0) {
    return;
  }
  unsigned ballot = 0;
  for (int i = 0; i < 32; i++) {
    if (group >> i & 1) {
      if (lanes[i].mask != lanes[lane].mask || lanes[i].what != lanes[lane].what) {
        longjmp(home, kMixed);
      }
      ballot |= static_cast<unsigned>(lanes[i].offer & 1) << i;
    }
  }
  for (int i = 0; i < 32; i++) {
    if (group >> i & 1) {
      int source = lanes[i].source;
      // The value of a lane that takes no part is undefined: a NaN.
      lanes[i].result = lanes[i].what == Warp::kBallot ? ballot
                        : group >> source & 1          ? lanes[source].offer
                                                       : ~uint64_t{0};
      if (warp * 32 + i != current) {
        wake(warp * 32 + i);
      }
    }
  }
  w.waiting &= ~group;
}

// Leaves this fiber to whoever can go on; returns when its thread is woken.
void wait() {
  Fiber* own = self;
  if (_setjmp(own->state) == 0) {
    if (next_runnable < runnable.size()) {
      resume(threads[runnable[next_runnable++]].fiber);
    }
    if (started < size) {
      resume(fresh_fiber());
    }
    longjmp(home, kDone);  // nobody can go on: a deadlock
  }
  current = own->thread;
  thread_index = own->index;
}

void fiber_main() {
  for (;;) {
    while (started < size) {
      int thread = state.reverse ? size - 1 - started : started;
      started++;
      unsigned t = static_cast<unsigned>(thread);
      current = self->thread = thread;
      thread_index = self->index = {t % block_dim.x, t / block_dim.x % block_dim.y,
                                    t / block_dim.x / block_dim.y};
      threads[thread].fiber = self;
      launch->kernel->run(parameters.data());
      exited++;
      thread = current;
      WarpState& w = warps[thread / 32];
      w.alive &= ~(1u << thread % 32);
      for (int i = 0; w.waiting != 0 && i < 32; i++) {
        if (w.waiting >> i & 1) {
          try_release(thread / 32, i);
        }
      }
    }
    Fiber* own = self;
    idle.push_back(own);
    if (_setjmp(own->state) == 0) {
      if (next_runnable < runnable.size()) {
        Fiber* next = threads[runnable[next_runnable++]].fiber;
        resume(next);
      }
      longjmp(home, kDone);
    }
  }
}

void start_block() {
  started = exited = at_barrier = 0;
  runnable.clear();
  next_runnable = 0;
  for (size_t i = 0; i < warps.size(); i++) {
    int lanes = std::min(32, size - static_cast<int>(i) * 32);
    warps[i] = {lanes == 32 ? ~0u : (1u << lanes) - 1, 0};
  }
}

// A wild address inside a kernel is the device's error; any other belongs to whom it did before.
struct sigaction previous[2];
void on_fault(int signal, siginfo_t* info, void* context) {
  if (in_kernel && pthread_equal(pthread_self(), kernel_thread)) {
    std::fprintf(stderr, "emulated CUDA: kernel %s, block (%u, %u, %u), thread %d: %s\n",
                 launch->kernel->name, block_index.x, block_index.y, block_index.z, current,
                 describe_address(info->si_addr).c_str());
    longjmp(home, kFault);
  }
  struct sigaction& before = previous[signal == SIGBUS];
  if (before.sa_flags & SA_SIGINFO) {
    before.sa_sigaction(signal, info, context);
  } else if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN) {
    sigaction(signal, &before, nullptr);
  } else {
    before.sa_handler(signal);
  }
}

void catch_faults() {
  static bool done = false;
  if (done) {
    return;
  }
  done = true;
  for (int signal : {SIGSEGV, SIGBUS}) {
    sigaction(signal, nullptr, &previous[signal == SIGBUS]);
    struct sigaction mine = previous[signal == SIGBUS];
    mine.sa_sigaction = on_fault;
    mine.sa_flags |= SA_SIGINFO | SA_NODEFER;
    sigaction(signal, &mine, nullptr);
  }
}

// Fibers of threads that will never go on are started anew at the next use.
void abandon_fibers() {
  for (Thread& thread : threads) {
    if (thread.fiber != nullptr && thread.fiber->started) {
      thread.fiber->started = false;
      bool known = false;
      for (Fiber* fiber : idle) {
        known |= fiber == thread.fiber;
      }
      if (!known) {
        idle.push_back(thread.fiber);
      }
    }
  }
}

CUresult run_block() {
  start_block();
  in_kernel = 1;
  int outcome = _setjmp(home);
  if (outcome == 0) {
    resume(fresh_fiber());
  }
  in_kernel = 0;
  if (outcome == kDone && exited == size) {
    return CUDA_SUCCESS;
  }
  abandon_fibers();
  if (outcome == kFault) {
    return CUDA_ERROR_ILLEGAL_ADDRESS;
  }
  int in_warp = started - exited - at_barrier;
  std::fprintf(stderr,
               "emulated CUDA: kernel %s, block (%u, %u, %u): %s: %d threads at __syncthreads, %d "
               "in warp operations, %d of %d exited\n",
               launch->kernel->name, block_index.x, block_index.y, block_index.z,
               outcome == kMixed ? "lanes of a warp meet in different operations or masks"
                                 : "threads wait for others that never come",
               at_barrier, in_warp, exited, size);
  return CUDA_ERROR_LAUNCH_FAILED;
}

std::map<std::string, Kernel>& kernels() {
  static std::map<std::string, Kernel> all;
  return all;
}
}  // namespace

int lane() { return current % 32; }

void sync_threads() {
  if (++at_barrier < size) {
    wait();
    return;
  }
  at_barrier = 0;
  for (int i = 0; i < size; i++) {
    if (i != current) {
      wake(i);
    }
  }
}

uint64_t sync_warp(Warp what, unsigned mask, uint64_t offer, int source) {
  Thread& me = threads[current];
  me.what = what;
  me.mask = mask;
  me.offer = offer;
  me.source = source & 31;
  WarpState& warp = warps[current / 32];
  unsigned bit = 1u << lane();
  if ((mask & bit) == 0) {
    longjmp(home, kMixed);
  }
  warp.waiting |= bit;
  try_release(current / 32, lane());
  if (warp.waiting & bit) {
    wait();
  }
  return me.result;
}

void add_kernel(const Kernel& kernel) {
  if (!kernels().emplace(kernel.name, kernel).second) {
    std::fprintf(stderr, "emulated CUDA: two kernels are called %s\n", kernel.name);
    std::abort();
  }
}

const Kernel* find_kernel(const std::string& name) {
  auto found = kernels().find(name);
  return found == kernels().end() ? nullptr : &found->second;
}

CUresult run(const Launch& what) {
  catch_faults();
  kernel_thread = pthread_self();
  launch = &what;
  parameters.clear();
  for (size_t offset : what.offsets) {
    parameters.push_back(const_cast<uint64_t*>(what.storage.data()) + offset);
  }
  grid_dim = what.grid;
  block_dim = what.block;
  size = static_cast<int>(what.block.x * what.block.y * what.block.z);
  // Whole warps, so that a mask may name lanes that do not exist.
  warps.resize((size + 31) / 32);
  threads.assign(warps.size() * 32, Thread{});
  // Shared memory starts as NaN. Once a launch is enough to show who reads before writing.
  std::memset(what.kernel->shared, 0xff, what.kernel->shared_end - what.kernel->shared);
  std::memset(dynamic_shared, 0xff, what.shared + kCanary);
  state.kernels++;
  uint64_t blocks = uint64_t{what.grid.x} * what.grid.y * what.grid.z;
  for (uint64_t i = 0; i < blocks; i++) {
    uint64_t b = state.reverse ? blocks - 1 - i : i;
    block_index = {static_cast<unsigned>(b % what.grid.x),
                   static_cast<unsigned>(b / what.grid.x % what.grid.y),
                   static_cast<unsigned>(b / what.grid.x / what.grid.y)};
    if (CUresult result = run_block(); result != CUDA_SUCCESS) {
      return result;
    }
  }
  for (unsigned i = 0; i < kCanary; i++) {
    if (dynamic_shared[what.shared + i] != 0xff) {
      std::fprintf(stderr, "emulated CUDA: kernel %s writes beyond its %u bytes of shared memory\n",
                   what.kernel->name, what.shared);
      return CUDA_ERROR_ILLEGAL_ADDRESS;
    }
  }
  return CUDA_SUCCESS;
}

}  // namespace emulated
