package org.fasthebb.engine.internal.cuda.runtime;

import java.util.List;

/**
 * The result of the search for the NVIDIA driver.
 *
 * @param file the library it was opened as, or null if none was
 * @param version of CUDA that it is for, such as 12040 for 12.4, or 0 if unknown
 * @param devices that it reaches, in its order, including those that are too old
 * @param problem one sentence that says why no GPU can be used and names the remedy, or null if one
 *     can
 */
public record FoundDriver(String file, int version, List<FoundDevice> devices, String problem) {
  /** Whether a GPU can be used. */
  public boolean usable() {
    return problem == null;
  }

  /**
   * The device to use.
   *
   * @param number its number from 0, or less for the first that is new enough
   * @throws IllegalStateException in one sentence, if it does not exist or is too old
   */
  public FoundDevice device(int number) {
    if (number < 0) {
      return devices.stream().filter(FoundDevice::fits).findFirst().orElseThrow();
    }
    if (number >= devices.size()) {
      throw new IllegalStateException(
          "there is no GPU cuda:"
              + number
              + "; the driver's last one is cuda:"
              + (devices.size() - 1));
    }
    FoundDevice device = devices.get(number);
    if (!device.fits()) {
      throw new IllegalStateException(
          "cuda:"
              + number
              + ", "
              + device.name()
              + ", has compute capability "
              + device.capability()
              + ", and 7.5 or later (Turing, 2018) is needed; choose another GPU");
    }
    return device;
  }

  /** Which device {@link #device} returns, and why; empty where there is only one. */
  public String origin(int number) {
    if (devices.size() == 1) {
      return "";
    }
    return "cuda:"
        + device(number).ordinal()
        + " of "
        + devices.size()
        + (number < 0 ? ", the first that is new enough, " : ", as asked for, ");
  }

  /** A version as people write it, such as 12.4. */
  public static String version(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }
}
