package org.fasthebb.engine.internal.cuda.runtime;

/**
 * A library that was found, and whether it may be used.
 *
 * @param file an absolute path, or a bare name for the dynamic linker to find
 * @param major version of CUDA that it is of, or 0 where its name does not tell
 * @param refusal why it is not used, or null if it may be
 */
public record FoundLibrary(String file, int major, String refusal) {
  /** Whether it may be used. */
  public boolean accepted() {
    return refusal == null;
  }

  /** The same library with a reason not to use it. */
  FoundLibrary refused(String why) {
    return new FoundLibrary(file, major, why);
  }

  /** The file with the reason against it. */
  public String described() {
    return refusal.contains(file) ? refusal : file + " " + refusal;
  }
}
