package org.fasthebb.engine.internal.cuda;

/** A piece of memory on a device: where it begins, for how many floats it was made, and whose. */
final class DeviceMemory {
  private final Driver driver;
  private final long address;
  private final int capacity;

  DeviceMemory(Driver driver, long address, int capacity) {
    this.driver = driver;
    this.address = address;
    this.capacity = capacity;
  }

  /** The driver that it was taken from. */
  Driver driver() {
    return driver;
  }

  /** Address of float {@code index}. */
  long address(int index) {
    return address + (long) Float.BYTES * index;
  }

  /** Number of floats. */
  int capacity() {
    return capacity;
  }
}
