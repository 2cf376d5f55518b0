package org.fasthebb.engine.internal.cuda.runtime;

import java.util.List;

/**
 * The result of the search for the NVIDIA driver.
 *
 * @param file the library it was opened as, or null if none was
 * @param version of CUDA that it is for, such as 12040 for 12.4, or 0 if unknown
 * @param devices it reaches, in its order; those that are too old included
 * @param problem one sentence on why no GPU can be used and what helps, or null if one can
 */
public record FoundDriver(String file, int version, List<FoundDevice> devices, String problem) {
  /** Whether a GPU can be used. */
  public boolean usable() {
    return problem == null;
  }

  /** The version for people, as 12.4. */
  public static String version(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }
}
