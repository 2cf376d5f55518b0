package org.fasthebb.engine.internal.cuda;

import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.internal.cuda.runtime.DeviceMemory;
import org.fasthebb.engine.internal.cuda.runtime.Driver;
import org.fasthebb.engine.internal.runtime.RecordingRules;
import org.fasthebb.engine.internal.runtime.Workspace;

/**
 * Recorded work as a CUDA graph. The first run does the work, and so allocates the memory it needs.
 * In the second run the driver captures the queued operations as a graph; this and all later runs
 * replay it, unless there are too many operations for a graph. The memory of a recording is not
 * lent to others, because the graph refers to addresses.
 */
final class GraphRecording implements Recording {
  private static final System.Logger LOG = System.getLogger(GraphRecording.class.getName());

  /**
   * Most operations of a graph. A graph takes time and memory for each: capturing a long one costs
   * more than it saves in the few times that such a step is run.
   */
  private static final int MOST_OPERATIONS = 20_000;

  private final CudaDevice device;
  private final Driver driver;
  private final Runnable work;
  private final Workspace<DeviceMemory> workspace;
  private boolean warm;
  private boolean eager;
  private CUgraphExec graph;
  private boolean closed;

  GraphRecording(
      CudaDevice device, Driver driver, Workspace<DeviceMemory> workspace, Runnable work) {
    this.device = device;
    this.driver = driver;
    this.workspace = workspace;
    this.work = work;
  }

  @Override
  public void run() {
    driver.enter();
    RecordingRules.refuseIfClosed(closed);
    if (!warm) {
      long before = driver.operations();
      device.runRecorded(workspace, this::work);
      warm = true;
      eager = isTooLong(driver.operations() - before);
      return;
    }
    if (eager) {
      device.runRecorded(workspace, this::work);
      return;
    }
    if (graph == null) {
      graph = device.runRecorded(workspace, this::capture);
    }
    driver.call("a recorded step", () -> cuGraphLaunch(graph, driver.stream()));
  }

  private static boolean isTooLong(long operations) {
    if (operations <= MOST_OPERATIONS) {
      return false;
    }
    LOG.log(
        System.Logger.Level.INFO,
        "a step of {0} operations, more than {1}, is queued anew each time instead of kept as a"
            + " CUDA graph",
        operations,
        MOST_OPERATIONS);
    return true;
  }

  private Void work() {
    try (Scope _ = device.scope()) {
      work.run();
    }
    return null;
  }

  private CUgraphExec capture() {
    CUgraph captured = new CUgraph();
    driver.call(
        "recording",
        () ->
            cuStreamBeginCapture(
                driver.stream(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    driver.setCapturing(true);
    boolean done = false;
    try {
      work();
      done = true;
    } finally {
      driver.setCapturing(false);
      if (!done) { // the failure itself is thrown on
        Driver.quietly(() -> cuStreamEndCapture(driver.stream(), captured));
        Driver.quietly(() -> cuGraphDestroy(captured));
      }
    }
    driver.call("recording", () -> cuStreamEndCapture(driver.stream(), captured));
    CUgraphExec executable = new CUgraphExec();
    try {
      driver.call("making a graph", () -> cuGraphInstantiate(executable, captured, 0));
    } finally {
      Driver.quietly(() -> cuGraphDestroy(captured));
    }
    return executable;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    driver.enter(); // on a thread that may be another than the one that ran it
    closed = true;
    device.forget(this, workspace);
    if (graph != null) {
      Driver.quietly(() -> cuGraphExecDestroy(graph));
    }
  }
}
