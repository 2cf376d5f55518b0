package org.fasthebb.engine.internal.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the emulator itself, since the tests of the CUDA backend rely on it. */
class EmulatorTest {
  private static final int INVALID_VALUE = 1;
  private static final int OUT_OF_MEMORY = 2;
  private static final int INVALID_CONTEXT = 201;
  private static final int INVALID_PTX = 218;
  private static final int NOT_FOUND = 500;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_FAILED = 719;
  private static final int CAPTURE_UNSUPPORTED = 900;
  private static final int CAPTURE_INVALIDATED = 901;

  private static final MemorySegment NULL = MemorySegment.NULL;

  private static EmulatedCuda cuda;

  private Arena arena;
  private MemorySegment module;

  @BeforeAll
  static void build() {
    cuda =
        EmulatedCuda.open(
            Path.of("target/emulated-cuda-selftest"),
            Path.of("src/test/cuda/selftest"),
            "-selftest",
            13);
  }

  @BeforeEach
  void start() {
    arena = Arena.ofConfined();
    cuda.set("reset", 0);
    ok("cuInit", 0);
    MemorySegment context = out(c -> ok("cuDevicePrimaryCtxRetain", c, 0));
    ok("cuCtxSetCurrent", context);
    StringBuilder ptx =
        new StringBuilder("// as compilers write it\n.version 7.0\n.target sm_75\n");
    for (String kernel :
        "strided_copy row_sums softmax reverse ballots lonely_barrier write_at".split(" ")) {
      ptx.append(".visible .entry ").append(kernel).append("(\n");
    }
    module = out(m -> ok("cuModuleLoadData", m, arena.allocateFrom(ptx.toString())));
  }

  @AfterEach
  void stop() {
    arena.close();
    cuda.set("reset", 0);
  }

  @Test
  void copiesThroughAStructOfStrides() {
    MemorySegment x = upload(0, 1, 2, 3, 4, 5);
    MemorySegment y = allocate(6);
    MemorySegment layout = arena.allocate(24, 8);
    layout.set(ValueLayout.JAVA_INT, 0, 3);
    layout.set(ValueLayout.JAVA_INT, 4, 2);
    layout.set(ValueLayout.JAVA_LONG, 8, 1);
    layout.set(ValueLayout.JAVA_LONG, 16, 3);
    launch("strided_copy", 2, 4, 1, 0, NULL, pointer(y), pointer(x), layout);
    assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, download(y, 6));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void reducesABlockThroughSharedMemory(int reverse) {
    cuda.set("reverse", reverse);
    float[] x = floats(3 * 200, i -> i);
    MemorySegment sums = allocate(3);
    launch("row_sums", 3, 128, 1, 0, NULL, pointer(sums), pointer(upload(x)), integer(200));
    assertArrayEquals(new float[] {19900, 59900, 99900}, download(sums, 3));
  }

  @Test
  void softmaxesWithShufflesAndIdleLanes() {
    float[] x = floats(3 * 40, i -> i % 40 < 4 ? Math.log(1 + i % 40) : -1000);
    MemorySegment at = upload(x);
    launch("softmax", 2, 32, 2, 0, NULL, pointer(at), integer(3), integer(40));
    float[] y = download(at, 120);
    assertArrayEquals(
        new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0}, Arrays.copyOfRange(y, 80, 85), 1e-6f);
  }

  @Test
  void votesAndCountsAtomically() {
    MemorySegment at = allocate(5);
    ok("cuMemsetD32_v2", at, 0, 5L);
    launch("ballots", 1, 32, 1, 0, NULL, pointer(at));
    int[] bits = new int[5];
    MemorySegment host = arena.allocate(20);
    ok("cuMemcpyDtoH_v2", host, at, 20L);
    MemorySegment.copy(host, ValueLayout.JAVA_INT, 0, bits, 0, 5);
    assertArrayEquals(new int[] {0xaaaaaaaa, 1, 0, 1, 32}, bits);
  }

  /**
   * Without its barrier, the kernel "reverse" reads memory that was never written, which shows in
   * one order of threads.
   */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "0, 0", "1, 0"})
  void sharedMemoryStartsAsNaN(int reverse, int barrier) {
    cuda.set("reverse", reverse);
    float[] x = floats(4 * 64, i -> i);
    MemorySegment at = upload(x);
    launch("reverse", 1, 64, 1, 256, NULL, pointer(at), integer(barrier));
    float[] y = download(at, x.length);
    float first = reverse == 0 ? 252 : 0;
    assertEquals(barrier == 1 ? first : Float.NaN, y[reverse == 0 ? 0 : 252]);
    assertEquals(1, y[1]);
  }

  @Test
  void launchesAreValidated() {
    assertEquals(INVALID_VALUE, tryLaunch("lonely_barrier", 1, 1024, 2, 0, NULL));
    assertEquals(INVALID_VALUE, tryLaunch("lonely_barrier", 0, 32, 1, 0, NULL));
    assertEquals(INVALID_VALUE, tryLaunch("lonely_barrier", 1, 32, 1, 49153, NULL));
    ok("cuFuncSetAttribute", function("lonely_barrier"), 8, 65536);
    assertEquals(NOT_FOUND, cuda.call("cuModuleGetFunction", slot(), module, string("row_sum")));
    assertEquals(INVALID_PTX, cuda.call("cuModuleLoadData", slot(), string("\u007fELF")));
  }

  @Test
  void deadlocksAndWildWritesBreakTheContext() {
    launch("lonely_barrier", 1, 64, 1, 0, NULL);
    assertEquals(LAUNCH_FAILED, cuda.call("cuCtxSynchronize"));
    assertEquals(LAUNCH_FAILED, cuda.call("cuMemAlloc_v2", slot(), 4L));
    start();
    launch("write_at", 1, 1, 1, 0, NULL, pointer(allocate(3)), number(3));
    assertEquals(ILLEGAL_ADDRESS, cuda.call("cuCtxSynchronize"));
    start();
    launch("write_at", 1, 1, 1, 0, NULL, pointer(NULL), number(0));
    assertEquals(ILLEGAL_ADDRESS, cuda.call("cuCtxSynchronize"));
    start();
    cuda.set("guard", 1);
    launch("write_at", 1, 1, 1, 0, NULL, pointer(allocate(3)), number(64));
    assertEquals(ILLEGAL_ADDRESS, cuda.call("cuCtxSynchronize"));
  }

  @Test
  void freshMemoryIsNaNAndCopiesAreChecked() {
    MemorySegment at = allocate(2);
    assertArrayEquals(new float[] {Float.NaN, Float.NaN}, download(at, 2));
    assertEquals(INVALID_VALUE, cuda.call("cuMemcpyDtoH_v2", arena.allocate(12), at, 12L));
    assertEquals(OUT_OF_MEMORY, cuda.call("cuMemAlloc_v2", slot(), 3L << 30));
    assertEquals(8, cuda.get("bytes"));
    ok("cuMemFree_v2", at);
    assertEquals(INVALID_VALUE, cuda.call("cuMemFree_v2", at));
    assertEquals(0, cuda.get("allocations"));
    ok("cuCtxSetCurrent", NULL);
    assertEquals(INVALID_CONTEXT, cuda.call("cuMemAlloc_v2", slot(), 4L));
  }

  @Test
  @SuppressWarnings("restricted") // pinned memory is C memory
  void lazyStreamsShowAMissingWait() {
    cuda.set("lazy", 1);
    MemorySegment pinned = out(p -> ok("cuMemAllocHost_v2", p, 4L)).reinterpret(4);
    MemorySegment at = upload(5);
    MemorySegment stream = stream();
    ok("cuMemcpyDtoHAsync_v2", pinned, at, 4L, stream);
    assertEquals(Float.NaN, pinned.get(ValueLayout.JAVA_FLOAT, 0));
    MemorySegment event = out(e -> ok("cuEventCreate", e, 2));
    ok("cuEventRecord", event, stream);
    ok("cuEventSynchronize", event);
    assertEquals(5, pinned.get(ValueLayout.JAVA_FLOAT, 0));
  }

  @Test
  @SuppressWarnings("restricted") // pinned memory is C memory
  void earlyCopiesOverwriteWhatAnotherStreamHasStillToRead() {
    cuda.set("lazy", 2);
    MemorySegment pinned = out(p -> ok("cuMemAllocHost_v2", p, 4L)).reinterpret(4);
    pinned.set(ValueLayout.JAVA_FLOAT, 0, 7);
    MemorySegment x = upload(5);
    MemorySegment read = allocate(1);
    ok("cuMemcpyDtoDAsync_v2", read, x, 4L, stream());
    ok("cuMemcpyHtoDAsync_v2", x, pinned, 4L, stream());
    assertArrayEquals(new float[] {7}, download(read, 1));
  }

  @Test
  void graphsReplayWhatWasCaptured() {
    MemorySegment stream = stream();
    MemorySegment x = upload(1, 2, 3);
    MemorySegment sum = allocate(1);
    MemorySegment columns = integer(3);
    ok("cuStreamBeginCapture_v2", stream, 0);
    launch("row_sums", 1, 128, 1, 0, stream, pointer(sum), pointer(x), columns);
    columns.set(ValueLayout.JAVA_INT, 0, 99);
    MemorySegment graph = out(g -> ok("cuStreamEndCapture", stream, g));
    assertArrayEquals(new float[] {Float.NaN}, download(sum, 1));
    MemorySegment ready = out(e -> ok("cuGraphInstantiateWithFlags", e, graph, 0L));
    ok("cuGraphDestroy", graph);
    for (int i = 0; i < 2; i++) {
      ok("cuMemsetD32_v2", sum, 0, 1L);
      ok("cuGraphLaunch", ready, stream);
      assertArrayEquals(new float[] {6}, download(sum, 1));
    }
    assertEquals(1, cuda.get("launches"));
    assertEquals(2, cuda.get("kernels"));
    assertEquals(2, cuda.get("graph-launches"));
  }

  @Test
  void waitingWhileCapturingSpoilsTheCapture() {
    MemorySegment stream = stream();
    for (String wait : new String[] {"cuStreamSynchronize", "cuCtxSynchronize", "cuMemAlloc_v2"}) {
      ok("cuStreamBeginCapture_v2", stream, 0);
      int result =
          switch (wait) {
            case "cuCtxSynchronize" -> cuda.call(wait);
            case "cuMemAlloc_v2" -> cuda.call(wait, slot(), 4L);
            default -> cuda.call(wait, stream);
          };
      assertEquals(CAPTURE_UNSUPPORTED, result, wait);
      assertEquals(CAPTURE_INVALIDATED, cuda.call("cuStreamEndCapture", stream, slot()));
    }
    ok("cuStreamBeginCapture_v2", stream, 2);
    allocate(1);
    ok("cuStreamEndCapture", stream, slot());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 1", "1, 0", "1, 1"})
  void multipliesColumnMajor(int ta, int tb) {
    int m = 11;
    int n = 6;
    int k = 300;
    int lda = (ta == 0 ? m : k) + 1;
    int ldb = (tb == 0 ? k : n) + 2;
    int ldc = m + 3;
    float[] a = floats(lda * (ta == 0 ? k : m), i -> i % 7 - 3);
    float[] b = floats(ldb * (tb == 0 ? n : k), i -> i % 5 - 2);
    MemorySegment c = allocate(ldc * n);
    MemorySegment handle = out(h -> ok("cublasCreate_v2", h));
    MemorySegment at = upload(a);
    MemorySegment bt = upload(b);
    for (float beta = 0; beta < 2; beta++) {
      ok("cublasSgemm_v2", handle, ta, tb, m, n, k, real(2), at, lda, bt, ldb, real(beta), c, ldc);
    }
    float[] actual = download(c, ldc * n);
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < ldc; i++) {
        float sum = i < m ? 0 : Float.NaN;
        for (int l = 0; l < k && i < m; l++) {
          sum += a[ta == 0 ? i + l * lda : l + i * lda] * b[tb == 0 ? l + j * ldb : j + l * ldb];
        }
        assertEquals(4 * sum, actual[i + j * ldc]);
      }
    }
    assertEquals(
        7,
        cuda.call(
            "cublasSgemm_v2",
            handle,
            ta,
            tb,
            m,
            n,
            k,
            real(1),
            at,
            lda,
            bt,
            ldb,
            real(0),
            c,
            m - 1));
  }

  @Test
  void capturedProductsNeedAWorkspace() {
    MemorySegment stream = stream();
    MemorySegment x = upload(3);
    MemorySegment y = allocate(1);
    MemorySegment handle = out(h -> ok("cublasCreate_v2", h));
    ok("cublasSetWorkspace_v2", handle, allocate(64), 256L);
    ok("cublasSetStream_v2", handle, stream);
    ok("cuStreamBeginCapture_v2", stream, 1);
    assertEquals(14, square(handle, x, y));
    ok("cuStreamEndCapture", stream, slot());
    ok("cublasSetWorkspace_v2", handle, allocate(64), 256L);
    ok("cuStreamBeginCapture_v2", stream, 1);
    assertEquals(0, square(handle, x, y));
    MemorySegment graph = out(g -> ok("cuStreamEndCapture", stream, g));
    MemorySegment ready = out(e -> ok("cuGraphInstantiateWithFlags", e, graph, 0L));
    assertArrayEquals(new float[] {Float.NaN}, download(y, 1));
    ok("cuGraphLaunch", ready, stream);
    assertArrayEquals(new float[] {9}, download(y, 1));
    MemorySegment version = arena.allocate(4);
    ok("cublasGetVersion_v2", handle, version);
    assertEquals(13, version.get(ValueLayout.JAVA_INT, 0) / 10000);
  }

  @Test
  void faultsComeOnDemand() {
    cuda.set("refuse-launch", 2);
    launch("ballots", 1, 32, 1, 0, NULL, pointer(allocate(5)));
    assertEquals(701, tryLaunch("ballots", 1, 32, 1, 0, NULL, pointer(allocate(5))));
    cuda.set("fail-alloc", 1);
    assertEquals(OUT_OF_MEMORY, cuda.call("cuMemAlloc_v2", slot(), 4L));
    cuda.set("fail-launch", 1);
    launch("ballots", 1, 32, 1, 0, NULL, pointer(allocate(5)));
    assertEquals(LAUNCH_FAILED, cuda.call("cuCtxSynchronize"));
    cuda.set("reset", 0);
    assertTrue(cuda.call("cublasCreate_v2", slot()) == 1, "cuBLAS without a driver");
    cuda.set("init-result", 803);
    assertEquals(803, cuda.call("cuInit", 0));
    cuda.set("init-result", 0);
    cuda.set("device-count", 0);
    ok("cuInit", 0);
    MemorySegment count = arena.allocate(4);
    ok("cuDeviceGetCount", count);
    assertEquals(0, count.get(ValueLayout.JAVA_INT, 0));
  }

  @Test
  void theLastReleaseCountsWhatWasForgotten() {
    allocate(1);
    stream();
    MemorySegment event = out(e -> ok("cuEventCreate", e, 2));
    ok("cuEventDestroy_v2", event);
    ok("cuDevicePrimaryCtxRelease_v2", 0);
    assertEquals(2, cuda.get("leaked"));
    assertEquals(0, cuda.get("bytes"));
    assertEquals(INVALID_CONTEXT, cuda.call("cuCtxSynchronize"));
  }

  private static float[] floats(int length, IntToDoubleFunction values) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) values.applyAsDouble(i);
    }
    return x;
  }

  private static void ok(String function, Object... arguments) {
    assertEquals(0, cuda.call(function, arguments), function);
  }

  private interface Getter {
    void into(MemorySegment slot);
  }

  private MemorySegment out(Getter getter) {
    MemorySegment slot = slot();
    getter.into(slot);
    return slot.get(ValueLayout.ADDRESS, 0);
  }

  private MemorySegment slot() {
    return arena.allocate(8, 8);
  }

  private MemorySegment string(String text) {
    return arena.allocateFrom(text);
  }

  private MemorySegment pointer(MemorySegment at) {
    return arena.allocateFrom(ValueLayout.ADDRESS, at);
  }

  private MemorySegment integer(int value) {
    return arena.allocateFrom(ValueLayout.JAVA_INT, value);
  }

  private MemorySegment number(long value) {
    return arena.allocateFrom(ValueLayout.JAVA_LONG, value);
  }

  private MemorySegment real(float value) {
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, value);
  }

  private MemorySegment allocate(int floats) {
    return out(at -> ok("cuMemAlloc_v2", at, 4L * floats));
  }

  private MemorySegment upload(float... values) {
    MemorySegment at = allocate(values.length);
    ok(
        "cuMemcpyHtoD_v2",
        at,
        arena.allocateFrom(ValueLayout.JAVA_FLOAT, values),
        4L * values.length);
    return at;
  }

  private float[] download(MemorySegment at, int floats) {
    ok("cuCtxSynchronize");
    MemorySegment host = arena.allocate(4L * floats, 4);
    ok("cuMemcpyDtoH_v2", host, at, 4L * floats);
    return host.toArray(ValueLayout.JAVA_FLOAT);
  }

  private MemorySegment stream() {
    return out(s -> ok("cuStreamCreate", s, 1));
  }

  private MemorySegment function(String name) {
    return out(f -> ok("cuModuleGetFunction", f, module, string(name)));
  }

  private int square(MemorySegment handle, MemorySegment x, MemorySegment y) {
    return cuda.call("cublasSgemm_v2", handle, 0, 0, 1, 1, 1, real(1), x, 1, x, 1, real(0), y, 1);
  }

  private void launch(
      String kernel, int grid, int bx, int by, int shared, MemorySegment s, MemorySegment... p) {
    assertEquals(0, tryLaunch(kernel, grid, bx, by, shared, s, p), kernel);
  }

  private int tryLaunch(
      String kernel, int grid, int bx, int by, int shared, MemorySegment s, MemorySegment... p) {
    MemorySegment parameters = arena.allocate(8L * Math.max(1, p.length), 8);
    for (int i = 0; i < p.length; i++) {
      parameters.setAtIndex(ValueLayout.ADDRESS, i, p[i]);
    }
    return cuda.call(
        "cuLaunchKernel", function(kernel), grid, 1, 1, bx, by, 1, shared, s, parameters, NULL);
  }
}
