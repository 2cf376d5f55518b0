package org.fasthebb.bench;

import java.util.regex.Pattern;
import org.fasthebb.engine.Backend;

/** The device that a benchmark computes on. */
final class Devices {
  private static final Pattern NAME = Pattern.compile("cpu|cuda(:\\d{1,4})?");

  private Devices() {}

  /** Whether a device can have this name. */
  static boolean isName(String device) {
    return NAME.matcher(device).matches();
  }

  /** Opens the CPU, the first GPU that can be used, or a GPU by number, as in cuda:1. */
  static Backend open(String device, int threads) {
    if (!isName(device)) {
      throw new IllegalArgumentException("there is no device " + device);
    }
    if (device.equals("cpu")) {
      return Backend.cpu(threads);
    }
    int colon = device.indexOf(':');
    return colon < 0
        ? Backend.cuda()
        : Backend.cuda(Integer.parseInt(device.substring(colon + 1)), false);
  }
}
