package org.fasthebb.engine.internal.cuda.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.fasthebb.engine.internal.cuda.runtime.NativeLibrary;

/**
 * Matrix products of float32 by cuBLAS 12 or 13, whose functions have the same names and arguments.
 *
 * <p>Matrices here are row-major: element (i, j) lies at i ld + j, and C (m, n) = A (m, k) B (k,
 * n). cuBLAS is column-major: it takes (i, j) to lie at i + j ld, and so sees the transpose of each
 * matrix. What it has to compute is therefore
 *
 * <pre>{@code
 * C^T (n, m) = B^T A^T
 * }</pre>
 *
 * where B^T is what cuBLAS sees if B is stored as it is; if B is stored transposed, cuBLAS sees B,
 * and must transpose it. The same holds for A. So A and B change places, m and n change places, and
 * each matrix keeps its own transposition flag.
 *
 * <p>Calls are queued on a stream, allocate nothing, and take device addresses. One thread at a
 * time; the device's primary context is current on it.
 */
@SuppressWarnings("restricted") // calling native code is what it is for
public final class Cublas implements Sgemm, AutoCloseable {
  private static final int DEFAULT_MATH = 0;
  private static final int TF32_TENSOR_OP_MATH = 3;

  // Types without addresses: the library is known only at run time, and calls through handles in
  // static final fields are compiled to plain calls. Pointers are passed as longs.
  private static final MethodHandle TAKES_ADDRESS = type(FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle TAKES_LONG = type(FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
  private static final MethodHandle TAKES_LONG_INT =
      type(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle TAKES_LONG_LONG =
      type(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle TAKES_LONG_LONG_LONG =
      type(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle TAKES_LONG_ADDRESS =
      type(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS));
  private static final MethodHandle SGEMM =
      type(
          FunctionDescriptor.of(
              JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG,
              JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle SGEMM_STRIDED_BATCHED =
      type(
          FunctionDescriptor.of(
              JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG,
              JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_INT, JAVA_LONG, JAVA_INT));

  /** The values 0 and 1 for alpha and beta, in the host's memory. */
  private static final MemorySegment SCALES = Arena.global().allocateFrom(JAVA_FLOAT, 0f, 1f);

  private static final long ZERO = SCALES.address();
  private static final long ONE = ZERO + Float.BYTES;

  private final NativeLibrary library;
  private final MemorySegment sgemm;
  private final MemorySegment sgemmStridedBatched;
  private long handle;

  /**
   * Starts cuBLAS on the device of the current context. It computes in exact float32, on the
   * default stream.
   *
   * @throws IllegalStateException if it does not start, as without a driver, or lacks a function
   */
  Cublas(NativeLibrary library) {
    this.library = library;
    sgemm = library.address("cublasSgemm_v2");
    sgemmStridedBatched = library.address("cublasSgemmStridedBatched");
    MemorySegment create = library.address("cublasCreate_v2");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment created = arena.allocate(JAVA_LONG);
      check("cublasCreate_v2", (int) TAKES_ADDRESS.invokeExact(create, created));
      handle = created.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw failed("cublasCreate_v2", e);
    }
  }

  /**
   * The version of a library, as 12.6.4. Needs no driver.
   *
   * @throws IllegalStateException if it does not tell
   */
  public static String version(NativeLibrary library) {
    return version(library, 0);
  }

  /** Its version, as 12.6.4. */
  String version() {
    return version(library, handle);
  }

  private static String version(NativeLibrary library, long handle) {
    MemorySegment getVersion = library.address("cublasGetVersion_v2");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT);
      int status = (int) TAKES_LONG_ADDRESS.invokeExact(getVersion, handle, value);
      check(library, "cublasGetVersion_v2", status);
      int version = value.get(JAVA_INT, 0);
      return version / 10000 + "." + version / 100 % 100 + "." + version % 100;
    } catch (Throwable e) {
      throw failed("cublasGetVersion_v2", e);
    }
  }

  /**
   * Queues all later products on a stream. They take their scratch memory from the given workspace,
   * as the capture of a graph needs it.
   *
   * @param stream CUstream, 0 for the default stream
   * @param workspace device address, a multiple of 256 bytes; in use until another is given
   * @param bytes its size; cuBLAS asks for 32 MiB on Hopper and later and 4 MiB on others
   */
  void queueOn(long stream, long workspace, long bytes) {
    try {
      // In this order: to set a stream makes cuBLAS drop its workspace.
      MemorySegment setStream = library.address("cublasSetStream_v2");
      check("cublasSetStream_v2", (int) TAKES_LONG_LONG.invokeExact(setStream, handle, stream));
      MemorySegment setWorkspace = library.address("cublasSetWorkspace_v2");
      check(
          "cublasSetWorkspace_v2",
          (int) TAKES_LONG_LONG_LONG.invokeExact(setWorkspace, handle, workspace, bytes));
    } catch (Throwable e) {
      throw failed("cublasSetWorkspace_v2", e);
    }
  }

  /** Whether products round their operands to TF32 (10 bits of mantissa), which is faster. */
  void tf32(boolean on) {
    MemorySegment setMathMode = library.address("cublasSetMathMode");
    try {
      check(
          "cublasSetMathMode",
          (int)
              TAKES_LONG_INT.invokeExact(
                  setMathMode, handle, on ? TF32_TENSOR_OP_MATH : DEFAULT_MATH));
    } catch (Throwable e) {
      throw failed("cublasSetMathMode", e);
    }
  }

  /**
   * Queues a product, and allocates nothing.
   *
   * @throws IllegalStateException if cuBLAS refuses
   */
  @Override
  public void multiply(Product p) {
    String function = p.batch() == 1 ? "cublasSgemm_v2" : "cublasSgemmStridedBatched";
    int status;
    try {
      status = p.batch() == 1 ? one(p) : many(p);
    } catch (Throwable e) {
      throw failed(function, e);
    }
    if (status != 0) {
      throw new IllegalStateException(
          function
              + " failed with "
              + CublasStatus.name(status)
              + (" for m " + p.m() + ", n " + p.n() + ", k " + p.k() + ", batch " + p.batch()));
    }
  }

  private int one(Product p) throws Throwable {
    return (int)
        SGEMM.invokeExact(
            sgemm,
            handle,
            operation(p.b()),
            operation(p.a()),
            p.n(),
            p.m(),
            p.k(),
            ONE,
            p.b().address(),
            p.b().ld(),
            p.a().address(),
            p.a().ld(),
            p.add() ? ONE : ZERO,
            p.c().address(),
            p.c().ld());
  }

  private int many(Product p) throws Throwable {
    return (int)
        SGEMM_STRIDED_BATCHED.invokeExact(
            sgemmStridedBatched,
            handle,
            operation(p.b()),
            operation(p.a()),
            p.n(),
            p.m(),
            p.k(),
            ONE,
            p.b().address(),
            p.b().ld(),
            p.b().stride(),
            p.a().address(),
            p.a().ld(),
            p.a().stride(),
            p.add() ? ONE : ZERO,
            p.c().address(),
            p.c().ld(),
            p.c().stride(),
            p.batch());
  }

  /** Frees its memory on the device; the library stays loaded. A second call does nothing. */
  @Override
  public void close() {
    if (handle == 0) {
      return;
    }
    MemorySegment destroy = library.address("cublasDestroy_v2");
    try {
      long closing = handle;
      handle = 0;
      check("cublasDestroy_v2", (int) TAKES_LONG.invokeExact(destroy, closing));
    } catch (Throwable e) {
      throw failed("cublasDestroy_v2", e);
    }
  }

  private static int operation(Matrices x) {
    return x.transposed() ? 1 : 0;
  }

  private void check(String function, int status) {
    check(library, function, status);
  }

  private static void check(NativeLibrary library, String function, int status) {
    if (status != 0) {
      throw new IllegalStateException(
          function + " of " + library.file() + " failed with " + CublasStatus.name(status));
    }
  }

  private static RuntimeException failed(String function, Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(function + " could not be called", thrown);
    };
  }

  private static MethodHandle type(FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(type);
  }
}
