package org.fasthebb.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;

/**
 * The backends that tests of engine and hebb run on: the CPU and, by way of the emulated driver in
 * the engine's {@code src/test/cuda}, a GPU. With {@code -Dfasthebb.test.gpu=real} it is a GPU of
 * this machine.
 */
public final class Devices {
  private static final boolean REAL = "real".equals(System.getProperty("fasthebb.test.gpu"));
  private static final Path SOURCES = Path.of("../engine/src/test/cuda");
  private static final Path LIBRARIES = Path.of("../engine/target/cuda-emulator").toAbsolutePath();
  private static final String WHY_NOT = REAL ? null : build();

  private Devices() {}

  /**
   * Why there is no emulated GPU, or null if there is one. Only the tests with the widest vectors
   * have one: the others would repeat them.
   */
  public static String whyNoGpu() {
    return WHY_NOT;
  }

  /** Whether the GPU is emulated. */
  public static boolean isEmulated() {
    return !REAL && WHY_NOT == null;
  }

  /** Folder of the emulated driver. */
  public static Path libraries() {
    return LIBRARIES;
  }

  /** All backends under test; the caller closes them. */
  public static List<Backend> all() {
    List<Backend> all = new ArrayList<>();
    all.add(Backend.cpu(2));
    if (WHY_NOT == null) {
      all.add(Backend.cuda());
    }
    return all;
  }

  private static String build() {
    boolean widest =
        "simd".equals(System.getProperty("fasthebb.expect.kernels"))
            && System.getProperty("fasthebb.kernels") == null;
    if (!widest) {
      return "these are the tests of narrow kernels on the CPU";
    }
    if (!System.getProperty("os.name").equals("Linux")
        || !System.getProperty("os.arch").equals("amd64")) {
      return "JCuda has no library for this system";
    }
    try {
      new ProcessBuilder("g++", "--version").redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      return "there is no g++ to build the emulated driver with";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    try {
      Files.createDirectories(LIBRARIES);
      Process build =
          new ProcessBuilder(SOURCES.resolve("build.sh").toString(), LIBRARIES.toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (build.waitFor() != 0) {
        throw new IllegalStateException("the emulated driver does not build:\n" + output);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the emulated driver does not build", e);
    }
    System.setProperty("fasthebb.cuda.driver", LIBRARIES.resolve("libcuda.so.1").toString());
    System.setProperty("fasthebb.cublas", LIBRARIES.resolve("libcublas.so.12").toString());
    return null;
  }
}
