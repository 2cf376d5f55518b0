package org.fasthebb.bench;

import org.fasthebb.engine.Backend;

/** Opens the device that a benchmark computes on. */
final class Devices {
  private Devices() {}

  /** Opens the CPU or the GPU. */
  static Backend open(String device, int threads) {
    return switch (device) {
      case "cpu" -> Backend.cpu(threads);
      case "cuda" -> Backend.cuda();
      default -> throw new IllegalArgumentException("there is no device " + device);
    };
  }
}
