package org.fasthebb.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The matrix product of a native library in the folder that FASTHEBB_NATIVES names, or
 * bench/target/natives, where {@code ./mvnw -Privals -pl bench -am package} puts OpenBLAS and MKL.
 */
@SuppressWarnings("restricted") // this class calls native code
final class RivalBlas {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
  private static final int NOW_AND_GLOBAL = 0x102;
  private static final int ROW_MAJOR = 101;
  private static final int AS_IT_IS = 111;
  private static final int TRANSPOSED = 112;
  private static final int LONGEST_TEXT = 200;

  /** Files of a library in the order of loading, the one with the functions last. */
  private static List<String> files(String name) {
    return switch (name) {
      case "openblas" ->
          List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");
      case "mkl" ->
          List.of(
              "libiomp5.so",
              "libmkl_core.so.2",
              "libmkl_intel_thread.so.2",
              "libmkl_intel_lp64.so.2",
              "libmkl_rt.so.2");
      default -> throw new IllegalArgumentException("there is no library " + name);
    };
  }

  private final MethodHandle sgemm;
  private final String description;

  private RivalBlas(MethodHandle sgemm, String description) {
    this.sgemm = sgemm;
    this.description = description;
  }

  /** The name of a library, and its version or the processor that its kernels are made for. */
  static String description(String name) {
    try {
      return open(name, 1).description;
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  /** The folder of native libraries. */
  private static Path folder() {
    return Path.of(System.getenv().getOrDefault("FASTHEBB_NATIVES", "bench/target/natives"));
  }

  private static boolean isThere(String name) {
    return find(files(name).getLast()) != null;
  }

  private static Path find(String file) {
    if (!Files.isDirectory(folder())) {
      return null;
    }
    try (Stream<Path> all = Files.walk(folder())) {
      return all.filter(path -> path.endsWith(file)).findFirst().orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads a library and sets its number of threads. */
  static RivalBlas open(String name, int threads) {
    MethodHandle dlopen = function("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, INT));
    MethodHandle dlsym = function("dlsym", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    MemorySegment library = MemorySegment.NULL;
    try (Arena arena = Arena.ofConfined()) {
      for (String file : files(name)) {
        Path path = find(file);
        if (path != null) {
          library =
              (MemorySegment)
                  dlopen.invokeExact(arena.allocateFrom(path.toString()), NOW_AND_GLOBAL);
        }
      }
      if (library.address() == 0) {
        throw new IllegalStateException(name + " could not be loaded from " + folder());
      }
      boolean mkl = name.equals("mkl");
      String setThreads = mkl ? "MKL_Set_Num_Threads" : "openblas_set_num_threads";
      function(dlsym, library, setThreads, FunctionDescriptor.ofVoid(INT)).invokeExact(threads);
      FunctionDescriptor type =
          FunctionDescriptor.ofVoid(
              INT, INT, INT, INT, INT, INT, FLOAT, ADDRESS, INT, ADDRESS, INT, FLOAT, ADDRESS, INT);
      MethodHandle gemm =
          function(dlsym, library, "cblas_sgemm", type, Linker.Option.critical(true));
      return new RivalBlas(
          gemm, name + ": " + (mkl ? version(dlsym, library) : core(dlsym, library)));
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name + " could not be loaded: " + e.getMessage(), e);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
  }

  private static MethodHandle function(
      MethodHandle dlsym,
      MemorySegment library,
      String name,
      FunctionDescriptor type,
      Linker.Option... options)
      throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = (MemorySegment) dlsym.invokeExact(library, arena.allocateFrom(name));
      return LINKER.downcallHandle(address, type, options);
    }
  }

  private static String version(MethodHandle dlsym, MemorySegment mkl) throws Throwable {
    FunctionDescriptor type = FunctionDescriptor.ofVoid(ADDRESS, INT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(LONGEST_TEXT);
      function(dlsym, mkl, "MKL_Get_Version_String", type).invokeExact(text, LONGEST_TEXT);
      return text.getString(0).strip();
    }
  }

  /**
   * Which kernels OpenBLAS has chosen. With another processor's it is slower than it could be, and
   * no rival.
   */
  private static String core(MethodHandle dlsym, MemorySegment openblas) throws Throwable {
    FunctionDescriptor type = FunctionDescriptor.of(ADDRESS);
    MethodHandle get = function(dlsym, openblas, "openblas_get_corename", type);
    MemorySegment text = (MemorySegment) get.invokeExact();
    String forced = System.getenv("OPENBLAS_CORETYPE");
    return "kernels for "
        + text.reinterpret(LONGEST_TEXT).getString(0)
        + (forced == null || forced.isBlank()
            ? ""
            : ", because OPENBLAS_CORETYPE is set: unset it to compare");
  }

  /**
   * c (m, n) = a b, row-major; a (m, k) and b (k, n) may be stored transposed, as the flags say.
   */
  void multiply(
      boolean transA, boolean transB, int m, int n, int k, float[] a, float[] b, float[] c) {
    try {
      sgemm.invokeExact(
          ROW_MAJOR,
          transA ? TRANSPOSED : AS_IT_IS,
          transB ? TRANSPOSED : AS_IT_IS,
          m,
          n,
          k,
          1f,
          MemorySegment.ofArray(a),
          transA ? m : k,
          MemorySegment.ofArray(b),
          transB ? k : n,
          0f,
          MemorySegment.ofArray(c),
          n);
    } catch (Throwable e) {
      throw new IllegalStateException("cblas_sgemm failed", e);
    }
  }

  /** The names of the libraries that were found. */
  static List<String> present() {
    return Stream.of("openblas", "mkl").filter(RivalBlas::isThere).toList();
  }
}
