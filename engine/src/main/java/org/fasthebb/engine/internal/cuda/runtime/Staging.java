package org.fasthebb.engine.internal.cuda.runtime;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuMemAllocHost;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;

import java.lang.foreign.MemorySegment;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;

/**
 * Copies between Java arrays and a device through pinned memory of the host. A direct copy from a
 * Java array would hold up the garbage collector and could not run beside a kernel.
 */
public final class Staging implements AutoCloseable {
  /** Floats of each half of the buffer: 32 MiB, which hold a batch of large images. */
  private static final int HALF = 1 << 23;

  private final Driver driver;
  private final HostAddress address = new HostAddress();
  private final MemorySegment host;

  /** For each half, comes when the device has read what it was filled with. */
  private final CUevent[] read = {new CUevent(), new CUevent()};

  /** The half that is being filled. */
  private int half;

  /** Floats of this half that queued copies to the device have still to read. */
  private int used;

  @SuppressWarnings("restricted") // memory that the driver gave
  public Staging(Driver driver) {
    this.driver = driver;
    long bytes = 2L * Float.BYTES * HALF;
    driver.call("cuMemAllocHost", () -> cuMemAllocHost(address, bytes));
    host = MemorySegment.ofAddress(address.value()).reinterpret(bytes);
    for (CUevent event : read) {
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
      long bytes = (long) Float.BYTES * count;
      long start = (long) Float.BYTES * (half * HALF + used);
      MemorySegment.copy(values, from, host, JAVA_FLOAT, start, count);
      HostAddress source = new HostAddress(address.value() + start);
      long target = to.address(at + from);
      driver.call(
          "a copy to the GPU",
          () -> cuMemcpyHtoDAsync(DeviceHeap.at(target), source, bytes, driver.stream()));
      used += count;
      from += count;
    }
  }

  /**
   * Goes on with the other half once the device has read what was there. The host so waits for an
   * earlier copy only, not for all queued work.
   */
  private void turn() {
    driver.call("a copy to the GPU", () -> cuEventRecord(read[half], driver.stream()));
    half = 1 - half;
    used = 0;
    driver.call("a copy to the GPU", () -> cuEventSynchronize(read[half]));
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
    for (CUevent event : read) {
      Driver.quietly(() -> cuEventDestroy(event));
    }
    Driver.quietly(() -> cuMemFreeHost(address));
  }
}
