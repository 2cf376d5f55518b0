package org.fasthebb.engine.internal.cuda.runtime;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jcuda.driver.JCudaDriver.cuMemAllocHost;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;

import java.lang.foreign.MemorySegment;

/**
 * Copies between Java arrays and a device through pinned memory of the host. A direct copy from a
 * Java array would hold up the garbage collector and could not run beside a kernel.
 */
public final class Staging implements AutoCloseable {
  private static final int FLOATS = 1 << 22;

  private final Driver driver;
  private final HostAddress address = new HostAddress();
  private final MemorySegment host;

  /** Floats of the buffer that queued copies to the device have still to read. */
  private int used;

  @SuppressWarnings("restricted") // memory that the driver gave
  public Staging(Driver driver) {
    this.driver = driver;
    long bytes = (long) Float.BYTES * FLOATS;
    driver.call("cuMemAllocHost", () -> cuMemAllocHost(address, bytes));
    host = MemorySegment.ofAddress(address.value()).reinterpret(bytes);
  }

  /** Queues a copy to the device; the array may change when this returns. */
  public void upload(float[] values, DeviceMemory to, int at) {
    driver.enter();
    for (int from = 0; from < values.length; ) {
      if (used == FLOATS) {
        driver.synchronize();
        used = 0;
      }
      int count = Math.min(values.length - from, FLOATS - used);
      long bytes = (long) Float.BYTES * count;
      MemorySegment.copy(values, from, host, JAVA_FLOAT, (long) Float.BYTES * used, count);
      HostAddress source = new HostAddress(address.value() + (long) Float.BYTES * used);
      long target = to.address(at + from);
      driver.call(
          "a copy to the GPU",
          () -> cuMemcpyHtoDAsync(DeviceHeap.at(target), source, bytes, driver.stream()));
      used += count;
      from += count;
    }
  }

  /** Copies from the device, after all queued work. */
  public void download(DeviceMemory from, int at, float[] values) {
    driver.enter();
    for (int done = 0; done < values.length; ) {
      int count = Math.min(values.length - done, FLOATS);
      long bytes = (long) Float.BYTES * count;
      long source = from.address(at + done);
      driver.call(
          "a copy from the GPU",
          () -> cuMemcpyDtoHAsync(address, DeviceHeap.at(source), bytes, driver.stream()));
      driver.synchronize();
      used = 0;
      MemorySegment.copy(host, JAVA_FLOAT, 0, values, done, count);
      done += count;
    }
  }

  @Override
  public void close() {
    Driver.quietly(() -> cuMemFreeHost(address));
  }
}
