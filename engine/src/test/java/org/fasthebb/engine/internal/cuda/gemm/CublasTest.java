package org.fasthebb.engine.internal.cuda.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Random;
import org.fasthebb.engine.internal.cuda.gemm.Sgemm.Matrices;
import org.fasthebb.engine.internal.cuda.gemm.Sgemm.Product;
import org.fasthebb.engine.internal.cuda.runtime.NativeLibrary;
import org.fasthebb.engine.internal.cuda.runtime.StubLibrary;
import org.fasthebb.testing.Allocations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests with a stand-in for cuBLAS that computes on the host, by columns, as cuBLAS is documented
 * to.
 */
@SuppressWarnings("restricted") // reads the memory of native code
class CublasTest {
  private static final String CUBLAS =
      """
      #include <stdint.h>
      typedef long long i64;
      static i64 seen[8]; /* live handles, math mode, stream, workspace, its bytes */
      static int failure;
      i64 *stub_seen(void) { return seen; }
      void stub_fail(int status) { failure = status; }
      int cublasCreate_v2(void **handle) {
        if (failure) return failure;
        *handle = seen;
        seen[0]++;
        return 0;
      }
      int cublasDestroy_v2(void *handle) { seen[0]--; return handle == seen ? failure : 1; }
      int cublasGetVersion_v2(void *handle, int *version) { *version = 130102; return failure; }
      int cublasSetMathMode(void *handle, int mode) { seen[1] = mode; return failure; }
      int cublasSetStream_v2(void *handle, void *stream) {
        seen[2] = (intptr_t) stream;
        seen[3] = seen[4] = 0;
        return failure;
      }
      int cublasSetWorkspace_v2(void *handle, void *workspace, uint64_t bytes) {
        seen[3] = (intptr_t) workspace;
        seen[4] = bytes;
        return failure;
      }
      static float at(const float *x, int ld, int transposed, int row, int column) {
        return transposed ? x[column + (i64) row * ld] : x[row + (i64) column * ld];
      }
      int cublasSgemmStridedBatched(void *handle, int ta, int tb, int m, int n, int k,
          const float *alpha, const float *a, int lda, i64 stride_a, const float *b, int ldb,
          i64 stride_b, const float *beta, float *c, int ldc, i64 stride_c, int batch) {
        if (handle != seen) return 1;
        if (failure) return failure;
        if (lda < (ta ? k : m) || ldb < (tb ? n : k) || ldc < m) return 7;
        for (int p = 0; p < batch; p++, a += stride_a, b += stride_b, c += stride_c)
          for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) {
              float sum = 0;
              for (int l = 0; l < k; l++) sum += at(a, lda, ta, i, l) * at(b, ldb, tb, l, j);
              float *out = c + i + (i64) j * ldc;
              *out = *alpha * sum + (*beta == 0 ? 0 : *beta * *out);
            }
        return 0;
      }
      int cublasSgemm_v2(void *handle, int ta, int tb, int m, int n, int k, const float *alpha,
          const float *a, int lda, const float *b, int ldb, const float *beta, float *c,
          int ldc) {
        return cublasSgemmStridedBatched(
            handle, ta, tb, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
      }
      """;

  private static final float UNTOUCHED = 1000;

  @TempDir Path folder;
  private final Arena arena = Arena.ofConfined();
  private final Random random = new Random(5);
  private NativeLibrary library;
  private Cublas cublas;

  @BeforeEach
  void start() throws Exception {
    library = NativeLibrary.open(StubLibrary.compile(folder, "libcublas.so.13", CUBLAS).toString());
    cublas = new Cublas(library);
  }

  @AfterEach
  void stop() {
    if (cublas != null) {
      cublas.close();
      assertEquals(0, seen(0), "handles that are not destroyed");
    }
    arena.close();
  }

  private long seen(int index) {
    try {
      MemorySegment seen =
          (MemorySegment)
              library
                  .function("stub_seen", FunctionDescriptor.of(ValueLayout.ADDRESS))
                  .invokeExact();
      return seen.reinterpret(64).getAtIndex(JAVA_LONG, index);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private void fail(int status) {
    try {
      library.function("stub_fail", FunctionDescriptor.ofVoid(JAVA_INT)).invokeExact(status);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Small whole numbers, whose products are exact. */
  private MemorySegment numbers(int size) {
    MemorySegment numbers = arena.allocate(JAVA_FLOAT, size);
    for (int i = 0; i < size; i++) {
      numbers.setAtIndex(JAVA_FLOAT, i, random.nextInt(-9, 10));
    }
    return numbers;
  }

  private MemorySegment untouched(int size) {
    MemorySegment numbers = arena.allocate(JAVA_FLOAT, size);
    for (int i = 0; i < size; i++) {
      numbers.setAtIndex(JAVA_FLOAT, i, UNTOUCHED);
    }
    return numbers;
  }

  private static float at(MemorySegment x, long offset, int ld, boolean transposed, int i, int j) {
    return x.getAtIndex(JAVA_FLOAT, offset + (transposed ? (long) j * ld + i : (long) i * ld + j));
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, 0", "false, true, 0", "true, false, 0", "true, true, 0",
    "false, false, 3", "false, true, 3", "true, false, 3", "true, true, 3",
  })
  void productsAreRowMajor(boolean transA, boolean transB, int padding) {
    int m = 4;
    int n = 7;
    int k = 5;
    int lda = (transA ? m : k) + padding;
    int ldb = (transB ? k : n) + 2 * padding;
    int ldc = n + 3 * padding;
    int batch = 3;
    int sizeA = lda * (transA ? k : m) + 1;
    int sizeB = ldb * (transB ? n : k);
    int sizeC = ldc * m + 2;
    MemorySegment a = numbers(batch * sizeA);
    MemorySegment b = numbers(batch * sizeB);
    for (boolean add : new boolean[] {false, true}) {
      Matrices as = new Matrices(a.address(), transA, lda, sizeA);
      Matrices bs = new Matrices(b.address(), transB, ldb, sizeB);
      MemorySegment one = untouched(sizeC);
      Matrices c = new Matrices(one.address(), false, ldc, 0);
      cublas.multiply(new Product(m, n, k, as, bs, c, add, 1));
      MemorySegment many = untouched(batch * sizeC);
      Matrices cs = new Matrices(many.address(), false, ldc, sizeC);
      cublas.multiply(new Product(m, n, k, as, bs, cs, add, batch));
      for (int p = 0; p < batch; p++) {
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < ldc; j++) {
            float expected = j < n && !add ? 0 : UNTOUCHED;
            for (int l = 0; l < k && j < n; l++) {
              expected +=
                  at(a, (long) p * sizeA, lda, transA, i, l)
                      * at(b, (long) p * sizeB, ldb, transB, l, j);
            }
            assertEquals(expected, at(many, (long) p * sizeC, ldc, false, i, j));
            if (p == 0) {
              assertEquals(expected, at(one, 0, ldc, false, i, j));
            }
          }
        }
      }
    }
  }

  /** As own products are cut that have more columns than one launch can do. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void someColumnsArePartOfTheWholeProduct(boolean transB) {
    int m = 3;
    int n = 7;
    int k = 5;
    MemorySegment whole = untouched(m * n);
    MemorySegment parts = untouched(m * n);
    Matrices a = new Matrices(numbers(m * k).address(), false, k, 0);
    Matrices b = new Matrices(numbers(k * n).address(), transB, transB ? k : n, 0);
    Matrices c = new Matrices(parts.address(), false, n, 0);
    cublas.multiply(
        new Product(m, n, k, a, b, new Matrices(whole.address(), false, n, 0), false, 1));
    for (int from = 0; from < n; from += 3) {
      int some = Math.min(3, n - from);
      cublas.multiply(new Product(m, some, k, a, b.fromColumn(from), c.fromColumn(from), false, 1));
    }
    assertArrayEquals(whole.toArray(JAVA_FLOAT), parts.toArray(JAVA_FLOAT));
  }

  @Test
  void productsAllocateNothing() throws ReflectiveOperationException {
    long x = numbers(3).address();
    // The measuring itself allocates a little; an object has 16 bytes at least.
    Matrices one = new Matrices(x, false, 1, 0);
    Product product = new Product(1, 1, 1, one, one, one, true, 1);
    Allocations.assertSettlesBelow(8, 1000, "sgemm", () -> cublas.multiply(product));
  }

  @Test
  void settingsReachTheLibrary() {
    assertEquals("13.1.2", cublas.version());
    cublas.queueOn(0x1234, 0x7f0000000100L, 32L << 20);
    assertEquals(0x1234, seen(2));
    assertEquals(0x7f0000000100L, seen(3));
    assertEquals(32L << 20, seen(4));
    cublas.tf32(true);
    assertEquals(3, seen(1));
    cublas.tf32(false);
    assertEquals(0, seen(1));
  }

  @Test
  void refusalNamesFunctionStatusAndSizes() {
    fail(13);
    Matrices none = new Matrices(0, false, 4, 8);
    String message =
        assertThrows(
                IllegalStateException.class,
                () -> cublas.multiply(new Product(2, 3, 4, none, none, none, false, 1)))
            .getMessage();
    assertEquals(
        "cublasSgemm_v2 failed with CUBLAS_STATUS_EXECUTION_FAILED (an earlier operation failed, or"
            + " this version of cuBLAS does not fit the GPU or the driver) for m 2, n 3, k 4, batch"
            + " 1",
        message);
    fail(77);
    message =
        assertThrows(
                IllegalStateException.class,
                () -> cublas.multiply(new Product(2, 3, 4, none, none, none, false, 9)))
            .getMessage();
    assertEquals(
        "cublasSgemmStridedBatched failed with cuBLAS status 77 for m 2, n 3, k 4, batch 9",
        message);
    fail(0);
  }

  @Test
  void withoutADriverItDoesNotStartAndLeavesNothing() {
    fail(1);
    String message =
        assertThrows(IllegalStateException.class, () -> new Cublas(library)).getMessage();
    assertEquals(
        "cublasCreate_v2 of "
            + library.file()
            + " failed with CUBLAS_STATUS_NOT_INITIALIZED (no driver, no context, or no memory"
            + " left)",
        message);
    assertEquals(1, seen(0), "only the handle of this test");
    fail(0);
  }

  @Test
  void closingTwiceDestroysOnce() {
    cublas.close();
    cublas.close();
    assertEquals(0, seen(0));
  }

  @Test
  void libraryWithoutTheFunctionsIsNamed() {
    NativeLibrary other = NativeLibrary.open("libc.so.6");
    String message =
        assertThrows(IllegalStateException.class, () -> new Cublas(other)).getMessage();
    assertTrue(message.startsWith("libc.so.6 has no function cublas"), message);
  }
}
