package org.fasthebb.engine.internal.cuda.runtime;

import org.fasthebb.engine.Tensor;

/**
 * A piece of memory on a device: its address, its capacity in floats, and the driver that it
 * belongs to.
 */
public final class DeviceMemory {
  private final Driver driver;
  private final long address;
  private final int capacity;

  DeviceMemory(Driver driver, long address, int capacity) {
    this.driver = driver;
    this.address = address;
    this.capacity = capacity;
  }

  /** The memory of a tensor that lives on {@code driver}'s device. */
  public static DeviceMemory of(Tensor x, Driver driver) {
    if (x.storage().memory() instanceof DeviceMemory memory && memory.driver() == driver) {
      return memory;
    }
    throw new IllegalArgumentException(
        "a tensor "
            + x.layout()
            + " of another backend cannot be used on this GPU; copy it with of(x.toArray(), ..)");
  }

  /** The driver that it was taken from. */
  public Driver driver() {
    return driver;
  }

  /** Address of float {@code index}. */
  public long address(int index) {
    return address + (long) Float.BYTES * index;
  }

  /** Number of floats. */
  int capacity() {
    return capacity;
  }
}
