package org.fasthebb.tools;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says why no GPU is used. */
final class Gpu {
  private static final String DRIVER = "libcuda.so.1";

  /** Where distributions, containers and WSL put it. */
  private static final List<String> FOLDERS =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/usr/local/nvidia/lib64",
          "/usr/local/cuda/compat",
          "/usr/lib/wsl/lib");

  private Gpu() {}

  static String describe() {
    return "none used: the CUDA backend is not part of this version ("
        + driver().map(path -> "driver library " + path).orElse("no driver library " + DRIVER)
        + " found)";
  }

  private static Optional<Path> driver() {
    List<String> folders = new ArrayList<>();
    String path = System.getenv("LD_LIBRARY_PATH");
    if (path != null) {
      folders.addAll(List.of(path.split(File.pathSeparator)));
    }
    folders.addAll(FOLDERS);
    return folders.stream()
        .map(folder -> Path.of(folder, DRIVER))
        .filter(Files::exists)
        .findFirst();
  }
}
