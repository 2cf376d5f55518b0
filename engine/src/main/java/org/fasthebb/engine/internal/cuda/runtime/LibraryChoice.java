package org.fasthebb.engine.internal.cuda.runtime;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The version of a library that is used, and the versions that are not.
 *
 * @param library open, or null if there is none to use
 * @param found what was found, in the order of trying, each with the reason against it
 * @param problem one sentence that says why none can be used and names the remedy, or null if one
 *     can
 */
public record LibraryChoice(NativeLibrary library, List<FoundLibrary> found, String problem) {
  /**
   * Opens the first library that a search finds, is not refused and works.
   *
   * @param name such as {@code cublas}
   * @param driverVersion of CUDA that the driver is for, such as 12040 for 12.4
   * @param opener opens a file and tries it; throws IllegalStateException in one sentence where it
   *     does not load or work
   */
  public static LibraryChoice choose(
      Surroundings here, String name, int driverVersion, Function<String, NativeLibrary> opener) {
    List<FoundLibrary> found = new ArrayList<>();
    NativeLibrary library = null;
    for (FoundLibrary candidate : LibrarySearch.find(here, name, driverVersion)) {
      boolean bare = candidate.file().indexOf('/') < 0;
      if (library != null || !candidate.accepted()) {
        if (!bare) {
          found.add(candidate);
        }
        continue;
      }
      try {
        library = opener.apply(candidate.file());
        found.add(candidate);
      } catch (IllegalStateException e) {
        if (!bare) { // it is not worth a line that the dynamic linker, too, finds nothing
          found.add(candidate.refused(e.getMessage()));
        }
      }
    }
    return new LibraryChoice(
        library, found, library != null ? null : problem(here, name, driverVersion, found));
  }

  private static String problem(
      Surroundings here, String name, int driverVersion, List<FoundLibrary> found) {
    String property = LibrarySearch.property(name);
    if (here.property(property).filter("none"::equals).isPresent()) {
      return "-D" + property + "=none asks to do without lib" + name;
    }
    String toInstall =
        driverVersion >= 13000
            ? "CUDA 13 or Python's package nvidia-" + name
            : "CUDA 12 or Python's package nvidia-" + name + "-cu12";
    String remedy = "; install " + toInstall + ", or name the file with -D" + property;
    if (found.isEmpty()) {
      return "lib" + name + " was not found" + remedy;
    }
    String reasons = found.stream().map(FoundLibrary::described).collect(joining(", "));
    return "no lib" + name + " can be used (" + reasons + ")" + remedy;
  }
}
