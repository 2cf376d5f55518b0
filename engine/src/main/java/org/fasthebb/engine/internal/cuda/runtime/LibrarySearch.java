package org.fasthebb.engine.internal.cuda.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for the versions of a library of CUDA's toolkit: in the file that the system property
 * {@code fasthebb.}<i>name</i> names and else, in this order, in the folders of LD_LIBRARY_PATH, of
 * CUDA_PATH, CUDA_HOME and CONDA_PREFIX, of the toolkits in /usr/local (newest first), of
 * distributions, of Python's packages, and where the dynamic linker looks. Those of the newest
 * major version come first, whatever folder they are in.
 */
final class LibrarySearch {
  /** Versions of CUDA whose libraries have the functions called here, best first. */
  private static final List<Integer> MAJORS = List.of(13, 12);

  private static final Pattern VERSION = Pattern.compile(".*\\.so\\.(\\d{1,4})(\\.[\\d.]*)?");

  /** Folders of libraries below that of a toolkit. */
  private static final List<String> TOOLKIT = List.of("lib64", "targets/x86_64-linux/lib", "lib");

  private static final List<String> DISTRIBUTIONS =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/opt/cuda/lib64");

  private final Surroundings here;
  private final String name;
  private final int driverVersion;

  private LibrarySearch(Surroundings here, String name, int driverVersion) {
    this.here = here;
    this.name = name;
    this.driverVersion = driverVersion;
  }

  /**
   * The versions of a library that were found, in the order in which to try them. The bare names at
   * the end may not exist.
   *
   * @param name such as {@code cublas}
   * @param driverVersion of CUDA that the driver is for, such as 12040 for 12.4
   */
  static List<FoundLibrary> find(Surroundings here, String name, int driverVersion) {
    return new LibrarySearch(here, name, driverVersion).find();
  }

  /** The system property that names the library to use, or {@code none}. */
  static String property(String name) {
    return "fasthebb." + name;
  }

  private List<FoundLibrary> find() {
    String wanted = here.property(property(name)).orElse(null);
    if (wanted != null) {
      return wanted.equals("none") ? List.of() : List.of(named(here.path(wanted)));
    }
    List<FoundLibrary> found = new ArrayList<>();
    Set<Path> seen = new LinkedHashSet<>();
    for (Path folder : folders()) {
      // Files with full versions are beside their links: libcublas.so.12.6.4.1 beside
      // libcublas.so.12.
      for (Path file : Surroundings.list(folder, "lib" + name + ".so.*")) {
        if (isLink(file) && seen.add(real(file))) {
          found.add(judge(file.toString(), major(file)));
        }
      }
    }
    found.sort(Comparator.comparingInt(FoundLibrary::major).reversed());
    for (int major : MAJORS) {
      if (major <= driverVersion / 1000) {
        found.add(judge("lib" + name + ".so." + major, major));
      }
    }
    return found;
  }

  private List<Path> folders() {
    List<Path> folders = new ArrayList<>(here.folders("LD_LIBRARY_PATH"));
    List<Path> toolkits = new ArrayList<>();
    toolkits.addAll(here.folders("CUDA_PATH"));
    toolkits.addAll(here.folders("CUDA_HOME"));
    toolkits.addAll(here.folders("CONDA_PREFIX"));
    toolkits.addAll(Surroundings.list(here.path("/usr/local"), "cuda*"));
    for (Path toolkit : toolkits) {
      TOOLKIT.forEach(folder -> folders.add(toolkit.resolve(folder)));
    }
    DISTRIBUTIONS.forEach(folder -> folders.add(here.path(folder)));
    for (Path packages : PythonPackages.folders(here)) {
      // nvidia/cu13/lib holds all libraries of CUDA 13, nvidia/cublas/lib those of cuBLAS 12.
      Surroundings.list(packages.resolve("nvidia"), "*")
          .forEach(wheel -> folders.add(wheel.resolve("lib")));
    }
    return folders;
  }

  private FoundLibrary named(Path file) {
    int major = major(file) > 0 ? major(file) : major(real(file));
    if (!Files.exists(file)) {
      return new FoundLibrary(
          file.toString(), major, "there is no such file; correct -D" + property(name));
    }
    return judge(file.toString(), major);
  }

  private FoundLibrary judge(String file, int major) {
    FoundLibrary library = new FoundLibrary(file, major, null);
    if (major == 0) {
      return library; // a library that the user named is not judged
    }
    if (!MAJORS.contains(major)) {
      return library.refused("is for CUDA " + major + ", and 12 or 13 is needed");
    }
    if (major > driverVersion / 1000) {
      return library.refused(
          "needs a driver for CUDA "
              + major
              + ", this one is for "
              + FoundDriver.version(driverVersion));
    }
    return library;
  }

  private static boolean isLink(Path file) {
    Matcher version = VERSION.matcher(file.getFileName().toString());
    return version.matches() && version.group(2) == null;
  }

  private static int major(Path file) {
    Matcher version = VERSION.matcher(file.getFileName().toString());
    return version.matches() ? Integer.parseInt(version.group(1)) : 0;
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file; // a broken link, which will not load
    }
  }
}
