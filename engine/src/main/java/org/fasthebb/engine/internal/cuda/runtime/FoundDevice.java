package org.fasthebb.engine.internal.cuda.runtime;

/**
 * A GPU.
 *
 * @param ordinal its number for the driver, from 0
 * @param name its product name
 * @param major of its compute capability
 * @param minor of its compute capability
 * @param memory in bytes
 */
public record FoundDevice(int ordinal, String name, int major, int minor, long memory) {
  /** Compute capability for which the kernels are built: that of Turing, of 2018. */
  private static final int OLDEST = 75;

  /** Whether it is new enough for the kernels. */
  public boolean fits() {
    return 10 * major + minor >= OLDEST;
  }

  /** Its compute capability, as 8.6. */
  public String capability() {
    return major + "." + minor;
  }
}
