// Streams, events, capture and graphs.
//
// Work runs at once, in the order of the calls. In lazy mode a stream keeps its work until someone
// waits for it, and an event's waiter pulls only what the event covers: the latest order that CUDA
// allows, which shows a host that forgets to wait. In mode 2 copies to the device are as early as
// CUDA allows instead, which shows one that overwrites what another stream has still to read.
#include <chrono>
#include <deque>
#include <set>
#include <thread>

#include "emulator.h"

using namespace emulated;

namespace {
struct Capture {
  int mode;
  std::thread::id owner;
  CUstream origin;
  bool spoiled = false;
  std::set<CUstream> unjoined;
  std::vector<Op> nodes;
};
}  // namespace

struct CUstream_st {
  bool blocking = true;
  std::deque<Op> queue;
  long queued = 0, done = 0;
  std::shared_ptr<Capture> capture;
};

struct CUevent_st {
  bool timing = true;
  CUstream stream = nullptr;
  long position = 0;  // in the stream's queue
  bool recorded = false;
  std::shared_ptr<Capture> capture;
  std::shared_ptr<std::chrono::steady_clock::time_point> time;
};

struct CUgraph_st {
  std::vector<Op> nodes;
};
using CUevent = CUevent_st*;
using CUgraph = CUgraph_st*;

namespace {
CUstream_st legacy;
std::set<CUstream> streams{&legacy};
std::set<CUevent> events;
std::set<CUgraph> graphs, executables;

enum { kGlobal = 0, kThreadLocal = 1, kRelaxed = 2 };

CUstream find(CUstream stream) {
  // 0 and CU_STREAM_LEGACY
  if (reinterpret_cast<uintptr_t>(stream) <= 1) return &legacy;
  return streams.count(stream) ? stream : nullptr;
}

CUresult run_one(const Op& op) {
  CUresult result = state.broken == CUDA_SUCCESS ? op() : state.broken;
  if (result != CUDA_SUCCESS) state.broken = result;
  return result;
}

void drain(CUstream stream, long position) {
  while (streams.count(stream) && stream->done < position) {
    Op op = std::move(stream->queue.front());
    stream->queue.pop_front();
    stream->done++;
    run_one(op);
  }
}

void push(CUstream stream, Op op) {
  stream->queue.push_back(std::move(op));
  stream->queued++;
  if (!state.lazy) drain(stream, stream->queued);
}

CUresult invalidated(const std::shared_ptr<Capture>& capture, CUresult result) {
  capture->spoiled = true;
  return result;
}

CUresult finish(CUstream stream) {
  drain(stream, stream->queued);
  CUresult guards = check_guards();
  if (state.broken == CUDA_SUCCESS) state.broken = guards;
  return state.broken;
}
}  // namespace

namespace emulated {
CUresult enqueue(CUstream handle, Op op) {
  CUstream stream = find(handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (auto capture = stream->capture) {
    if (capture->spoiled) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    if (stream != capture->origin) capture->unjoined.insert(stream);
    capture->nodes.push_back(std::move(op));
    return CUDA_SUCCESS;
  }
  if (stream == &legacy) {
    // The legacy stream waits for every blocking stream, and they for it.
    for (CUstream other : streams) {
      if (other->blocking && other->capture) {
        return invalidated(other->capture, CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
      }
    }
    for (CUstream other : std::set<CUstream>(streams)) {
      if (other->blocking) drain(other, other->queued);
    }
  } else if (stream->blocking) {
    drain(&legacy, legacy.queued);
  }
  push(stream, std::move(op));
  return CUDA_SUCCESS;
}

void catch_up(CUstream handle) {
  CUstream stream = find(handle);
  if (stream != nullptr) drain(stream, stream->queued);
}

bool is_capturing(CUstream handle) {
  CUstream stream = find(handle);
  return stream != nullptr && stream->capture != nullptr;
}

CUresult unsafe_call() {
  for (CUstream stream : streams) {
    if (auto capture = stream->capture) {
      bool mine = capture->owner == std::this_thread::get_id();
      if (capture->mode == kGlobal || (capture->mode == kThreadLocal && mine)) {
        return invalidated(capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
      }
    }
  }
  return CUDA_SUCCESS;
}

CUresult finish_everything() {
  for (CUstream stream : std::set<CUstream>(streams)) {
    drain(stream, stream->queued);
  }
  CUresult guards = check_guards();
  if (state.broken == CUDA_SUCCESS) state.broken = guards;
  return state.broken;
}

void forget_streams() {
  for (CUstream stream : streams) {
    if (stream != &legacy) delete stream;
  }
  streams = {&legacy};
  legacy = CUstream_st{};
  for (CUevent event : events) delete event;
  events.clear();
  for (auto* set : {&graphs, &executables}) {
    for (CUgraph graph : *set) delete graph;
    set->clear();
  }
  state.streams = state.events = state.graphs = 0;
}
}  // namespace emulated

API CUresult cuStreamCreate(CUstream* out, unsigned flags) {
  ENTER;
  if (out == nullptr || flags > 1) return CUDA_ERROR_INVALID_VALUE;
  *out = new CUstream_st;
  (*out)->blocking = flags == 0;
  streams.insert(*out);
  state.streams++;
  return CUDA_SUCCESS;
}

API CUresult cuStreamCreateWithPriority(CUstream* out, unsigned flags, int) {
  return cuStreamCreate(out, flags);
}

API CUresult cuStreamDestroy_v2(CUstream handle) {
  ENTER;
  CUstream stream = find(handle);
  if (stream == nullptr || stream == &legacy) return CUDA_ERROR_INVALID_HANDLE;
  if (stream->capture) stream->capture->spoiled = true;
  drain(stream, stream->queued);
  streams.erase(stream);
  delete stream;
  state.streams--;
  return state.broken;
}

API CUresult cuStreamSynchronize(CUstream handle) {
  ENTER;
  CUstream stream = find(handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (stream->capture) return invalidated(stream->capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  state.syncs++;
  return stream == &legacy ? finish_everything() : finish(stream);
}

API CUresult cuStreamQuery(CUstream handle) {
  ENTER;
  CUstream stream = find(handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (stream->capture) return invalidated(stream->capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  return finish(stream);
}

API CUresult cuCtxSynchronize() {
  ENTER;
  for (CUstream stream : streams) {
    if (stream->capture) return invalidated(stream->capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  }
  state.syncs++;
  return finish_everything();
}

API CUresult cuEventCreate(CUevent* out, unsigned flags) {
  ENTER;
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = new CUevent_st;
  (*out)->timing = (flags & 2) == 0;
  events.insert(*out);
  state.events++;
  return CUDA_SUCCESS;
}

API CUresult cuEventDestroy_v2(CUevent event) {
  ENTER;
  if (!events.erase(event)) return CUDA_ERROR_INVALID_HANDLE;
  delete event;
  state.events--;
  return CUDA_SUCCESS;
}

API CUresult cuEventRecord(CUevent event, CUstream handle) {
  ENTER;
  CUstream stream = find(handle);
  if (stream == nullptr || !events.count(event)) return CUDA_ERROR_INVALID_HANDLE;
  event->stream = stream;
  event->capture = stream->capture;
  if (stream->capture) return CUDA_SUCCESS;
  auto time = std::make_shared<std::chrono::steady_clock::time_point>();
  CUresult result = enqueue(stream, [time]() -> CUresult {
    *time = std::chrono::steady_clock::now();
    return CUDA_SUCCESS;
  });
  event->recorded = true;
  event->time = time;
  event->position = stream->queued;
  return result;
}

API CUresult cuEventSynchronize(CUevent event) {
  ENTER;
  if (!events.count(event)) return CUDA_ERROR_INVALID_HANDLE;
  if (event->capture) return invalidated(event->capture, CUDA_ERROR_CAPTURED_EVENT);
  state.syncs++;
  if (event->recorded) drain(event->stream, event->position);
  return state.broken;
}

API CUresult cuEventQuery(CUevent event) {
  ENTER;
  if (!events.count(event)) return CUDA_ERROR_INVALID_HANDLE;
  if (event->capture) return invalidated(event->capture, CUDA_ERROR_CAPTURED_EVENT);
  if (event->recorded) drain(event->stream, event->position);
  return state.broken;
}

API CUresult cuEventElapsedTime(float* milliseconds, CUevent from, CUevent to) {
  ENTER;
  for (CUevent event : {from, to}) {
    bool known = events.count(event) && event->recorded && event->timing;
    if (!known) return CUDA_ERROR_INVALID_HANDLE;
    drain(event->stream, event->position);
  }
  *milliseconds = std::chrono::duration<float, std::milli>(*to->time - *from->time).count();
  return state.broken;
}

API CUresult cuStreamWaitEvent(CUstream handle, CUevent event, unsigned) {
  ENTER;
  CUstream stream = find(handle);
  if (stream == nullptr || !events.count(event)) return CUDA_ERROR_INVALID_HANDLE;
  if (event->capture) {
    // Joins the capture that the event belongs to, or brings a fork back to its origin.
    if (stream->capture == nullptr) {
      stream->capture = event->capture;
    } else if (stream->capture != event->capture) {
      return CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
    }
    if (stream == event->capture->origin) event->capture->unjoined.erase(event->stream);
    return CUDA_SUCCESS;
  }
  if (stream->capture) return invalidated(stream->capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  if (!event->recorded) return CUDA_SUCCESS;
  return enqueue(stream, [from = event->stream, position = event->position]() -> CUresult {
    drain(from, position);
    return CUDA_SUCCESS;
  });
}

API CUresult cuStreamBeginCapture_v2(CUstream handle, int mode) {
  ENTER;
  CUstream stream = find(handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (stream == &legacy) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  if (stream->capture || mode < kGlobal || mode > kRelaxed) return CUDA_ERROR_INVALID_VALUE;
  stream->capture = std::make_shared<Capture>();
  stream->capture->mode = mode;
  stream->capture->owner = std::this_thread::get_id();
  stream->capture->origin = stream;
  return CUDA_SUCCESS;
}

API CUresult cuStreamEndCapture(CUstream handle, CUgraph* out) {
  ENTER;
  CUstream stream = find(handle);
  if (stream == nullptr || out == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  auto capture = stream->capture;
  if (capture == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (capture->origin != stream) return CUDA_ERROR_STREAM_CAPTURE_UNMATCHED;
  if (capture->mode != kRelaxed && capture->owner != std::this_thread::get_id()) {
    return invalidated(capture, CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD);
  }
  for (CUstream other : streams) {
    if (other->capture == capture) other->capture = nullptr;
  }
  *out = nullptr;
  if (capture->spoiled) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  if (!capture->unjoined.empty()) return CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
  *out = new CUgraph_st{std::move(capture->nodes)};
  graphs.insert(*out);
  state.graphs++;
  return CUDA_SUCCESS;
}

// 0 none, 1 active, 2 invalidated
API CUresult cuStreamIsCapturing(CUstream handle, int* status) {
  ENTER;
  CUstream stream = find(handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  *status = stream->capture == nullptr ? 0 : stream->capture->spoiled ? 2 : 1;
  return CUDA_SUCCESS;
}

API CUresult cuGraphInstantiateWithFlags(CUgraph* out, CUgraph graph, unsigned long long) {
  ENTER;
  if (!graphs.count(graph)) return CUDA_ERROR_INVALID_VALUE;
  *out = new CUgraph_st(*graph);
  executables.insert(*out);
  state.graphs++;
  state.nodes = static_cast<long>(graph->nodes.size());
  return CUDA_SUCCESS;
}

API CUresult cuGraphLaunch(CUgraph executable, CUstream stream) {
  ENTER;
  if (!executables.count(executable)) return CUDA_ERROR_INVALID_VALUE;
  state.graph_launches++;
  return enqueue(stream, [nodes = executable->nodes]() -> CUresult {
    for (const Op& op : nodes) {
      if (CUresult result = op(); result != CUDA_SUCCESS) return result;
    }
    return CUDA_SUCCESS;
  });
}

API CUresult cuGraphUpload(CUgraph executable, CUstream) {
  ENTER;
  return executables.count(executable) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

API CUresult cuGraphGetNodes(CUgraph graph, void**, size_t* count) {
  ENTER;
  if (!graphs.count(graph)) return CUDA_ERROR_INVALID_VALUE;
  *count = graph->nodes.size();
  return CUDA_SUCCESS;
}

API CUresult cuGraphDestroy(CUgraph graph) {
  ENTER;
  if (!graphs.erase(graph)) return CUDA_ERROR_INVALID_VALUE;
  delete graph;
  state.graphs--;
  return CUDA_SUCCESS;
}

API CUresult cuGraphExecDestroy(CUgraph executable) {
  ENTER;
  if (!executables.erase(executable)) return CUDA_ERROR_INVALID_VALUE;
  delete executable;
  state.graphs--;
  return CUDA_SUCCESS;
}
