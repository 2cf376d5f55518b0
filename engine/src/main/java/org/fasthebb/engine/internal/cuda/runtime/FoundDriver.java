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

  /** A version as people write it, such as 12.4. */
  public static String version(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }
}
