package org.fasthebb.engine.internal.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The driver and cuBLAS of src/test/cuda, built when first needed. */
@SuppressWarnings("restricted") // C functions are called here
final class EmulatedCuda {
  private static final Map<Class<?>, MemoryLayout> LAYOUTS =
      Map.of(
          Integer.class, ValueLayout.JAVA_INT,
          Long.class, ValueLayout.JAVA_LONG,
          Byte.class, ValueLayout.JAVA_BYTE);

  private final SymbolLookup driver;
  private final SymbolLookup cublas;

  private EmulatedCuda(Path folder, int cublasMajor) {
    driver = SymbolLookup.libraryLookup(folder.resolve("libcuda.so.1"), Arena.global());
    cublas =
        SymbolLookup.libraryLookup(folder.resolve("libcublas.so." + cublasMajor), Arena.global());
  }

  /**
   * Builds the libraries in {@code folder} and opens them; aborts the test if that is not possible.
   *
   * @param suffix of the libraries' names: empty for the names that other code looks for, or one
   *     that no other code uses
   */
  static EmulatedCuda open(Path folder, Path kernels, String suffix, int cublasMajor) {
    build(folder, kernels, suffix);
    return new EmulatedCuda(folder.toAbsolutePath(), cublasMajor);
  }

  /** Builds the libraries in {@code folder}; aborts the test where there is no compiler. */
  static void build(Path folder, Path kernels, String suffix) {
    int result;
    String output;
    try {
      if (run("sh", "-c", "command -v ${CXX:-g++} && command -v objcopy").waitFor() != 0) {
        abort("no g++ and objcopy to build the CUDA emulator with");
      }
      ProcessBuilder builder =
          new ProcessBuilder("sh", "src/test/cuda/build.sh", folder.toString(), kernels.toString());
      builder.environment().put("CUDA_SUFFIX", suffix);
      Path log = Files.createTempFile("emulated-cuda", ".log");
      result = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
      output = Files.readString(log);
      Files.delete(log);
    } catch (IOException e) {
      abort("no shell to build the CUDA emulator with: " + e.getMessage());
      return;
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
    if (result != 0) {
      throw new AssertionError("the CUDA emulator does not compile:\n" + output);
    }
  }

  private static Process run(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Changes a setting of the emulator; see its README. */
  void set(String key, long value) {
    try (Arena arena = Arena.ofConfined()) {
      if (call("emulated_cuda_set", arena.allocateFrom(key), value) != 0) {
        throw new IllegalArgumentException("no setting " + key);
      }
    }
  }

  /** Reads a counter of the emulator; see its README. */
  long get(String key) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) invoke("emulated_cuda_get", ValueLayout.JAVA_LONG, arena.allocateFrom(key));
    }
  }

  /** Calls a C function that returns an int, with ints, longs, bytes and addresses. */
  int call(String function, Object... arguments) {
    return (int) invoke(function, ValueLayout.JAVA_INT, arguments);
  }

  private Object invoke(String function, MemoryLayout result, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < layouts.length; i++) {
      layouts[i] = LAYOUTS.getOrDefault(arguments[i].getClass(), ValueLayout.ADDRESS);
    }
    SymbolLookup library = function.startsWith("cublas") ? cublas : driver;
    try {
      return Linker.nativeLinker()
          .downcallHandle(library.findOrThrow(function), FunctionDescriptor.of(result, layouts))
          .invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AssertionError(function, e);
    }
  }
}
