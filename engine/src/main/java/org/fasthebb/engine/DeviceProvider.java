package org.fasthebb.engine;

import java.util.List;

/** Makes devices of one kind. {@link Backend} finds it through {@link java.util.ServiceLoader}. */
public interface DeviceProvider {
  /** Stands for the first device that can be used. */
  int FIRST = -1;

  /** The name of this kind of device, such as "cpu". */
  String kind();

  /**
   * Opens a device.
   *
   * @param threads of the host
   * @param tf32 whether products may round their operands to TF32, where the device knows it
   * @param number of the device among those of this kind, from 0, or {@link #FIRST}
   * @throws IllegalArgumentException if {@code threads} is below 1
   * @throws IllegalStateException in one sentence on what is missing and what helps, if there is no
   *     such device
   */
  Device open(int threads, boolean tf32, int number);

  /**
   * Lines for people, at least one: the devices of this kind, or in one sentence why none can be
   * used and what helps.
   */
  List<String> report();
}
