package org.fasthebb.engine.internal.cuda.runtime;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuMemAllocHost;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;

import java.lang.foreign.MemorySegment;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import org.fasthebb.engine.internal.runtime.Workspace;

/**
 * Copies between Java arrays and a device through pinned memory of the host. A direct copy from a
 * Java array would hold up the garbage collector and could not run beside a kernel.
 *
 * <p>A long copy to the device travels on a stream of its own, so that a batch arrives while the
 * step before it computes. It goes to a buffer that nothing else touches. The main stream waits for
 * it and copies it to the tensor. So only the main stream touches tensors, whose order it keeps,
 * and whoever waits for the main stream waits for all copies, too.
 */
public final class Staging implements AutoCloseable {
  /** Floats of each half of a buffer: 32 MiB, which hold a batch of large images. */
  static final int HALF = 1 << 23;

  /**
   * Most floats of a copy that is queued on the main stream itself: 64 KiB, which take as long to
   * travel as two streams take to wait for each other.
   */
  static final int SHORT = 1 << 14;

  private static final String UPLOAD = "a copy to the GPU";

  private final Driver driver;
  private final Workspace<DeviceMemory> workspace;
  private final HostAddress address = new HostAddress();
  private final MemorySegment host;

  /** Where long copies arrive: as large as the buffer on the host, and in the same halves. */
  private final DeviceMemory device;

  /** The stream on which long copies travel. */
  private final CUstream copies = new CUstream();

  /** Comes when the last long copy has arrived. */
  private final CUevent arrived = new CUevent();

  /** For each half, comes when its last copy has reached its tensor. */
  private final CUevent[] read = {new CUevent(), new CUevent()};

  /** The half that is being filled. */
  private int half;

  /** Floats of this half that queued copies to the device have still to read. */
  private int used;

  /**
   * Allocates the buffers.
   *
   * @param workspace gives and takes back memory of the device
   */
  @SuppressWarnings("restricted") // memory that the driver gave
  public Staging(Driver driver, Workspace<DeviceMemory> workspace) {
    this.driver = driver;
    this.workspace = workspace;
    device = workspace.take(2 * HALF);
    long bytes = 2L * Float.BYTES * HALF;
    driver.call("cuMemAllocHost", () -> cuMemAllocHost(address, bytes));
    host = MemorySegment.ofAddress(address.value()).reinterpret(bytes);
    driver.call(
        "cuStreamCreate", () -> cuStreamCreate(copies, CUstream_flags.CU_STREAM_NON_BLOCKING));
    for (CUevent event : new CUevent[] {arrived, read[0], read[1]}) {
      driver.call(
          "cuEventCreate", () -> cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
    }
  }

  /** Queues a copy to the device; the array may change when this returns. */
  public void upload(float[] values, DeviceMemory to, int at) {
    driver.enter();
    for (int from = 0; from < values.length; ) {
      if (used == HALF) {
        turn();
      }
      int count = Math.min(values.length - from, HALF - used);
      int start = half * HALF + used;
      MemorySegment.copy(values, from, host, JAVA_FLOAT, (long) Float.BYTES * start, count);
      send(start, count, to.address(at + from));
      used += count;
      from += count;
    }
  }

  /** Queues a copy of floats from {@code start} of the host's buffer on. */
  private void send(int start, int count, long target) {
    long bytes = (long) Float.BYTES * count;
    HostAddress source = new HostAddress(address.value() + (long) Float.BYTES * start);
    CUstream main = driver.stream();
    if (count <= SHORT) {
      driver.call(UPLOAD, () -> cuMemcpyHtoDAsync(DeviceHeap.at(target), source, bytes, main));
    } else {
      // This part of the buffer is free: turn() has waited for what was in it before.
      CUdeviceptr between = DeviceHeap.at(device.address(start));
      driver.call(UPLOAD, () -> cuMemcpyHtoDAsync(between, source, bytes, copies));
      driver.call(UPLOAD, () -> cuEventRecord(arrived, copies));
      driver.call(UPLOAD, () -> cuStreamWaitEvent(main, arrived, 0));
      driver.call(UPLOAD, () -> cuMemcpyDtoDAsync(DeviceHeap.at(target), between, bytes, main));
    }
    driver.call(UPLOAD, () -> cuEventRecord(read[half], main));
    driver.queued(UPLOAD, "");
  }

  /**
   * Goes on with the other half once what was there has reached its tensors. The host so waits for
   * an earlier copy only, not for all queued work.
   */
  private void turn() {
    half = 1 - half;
    used = 0;
    driver.call(UPLOAD, () -> cuEventSynchronize(read[half]));
  }

  /** Copies from the device, after all queued work. */
  public void download(DeviceMemory from, int at, float[] values) {
    driver.enter();
    for (int done = 0; done < values.length; ) {
      int count = Math.min(values.length - done, HALF);
      long bytes = (long) Float.BYTES * count;
      long source = from.address(at + done);
      driver.call(
          "a copy from the GPU",
          () -> cuMemcpyDtoHAsync(address, DeviceHeap.at(source), bytes, driver.stream()));
      driver.synchronize();
      half = 0;
      used = 0;
      MemorySegment.copy(host, JAVA_FLOAT, 0, values, done, count);
      done += count;
    }
  }

  @Override
  public void close() {
    // A copy that failed half way may have left some of it without a wait of the main stream.
    Driver.quietly(() -> cuStreamSynchronize(copies));
    for (CUevent event : new CUevent[] {arrived, read[0], read[1]}) {
      Driver.quietly(() -> cuEventDestroy(event));
    }
    Driver.quietly(() -> cuStreamDestroy(copies));
    Driver.quietly(() -> cuMemFreeHost(address));
    workspace.give(device);
  }
}
