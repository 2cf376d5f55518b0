package org.fasthebb.engine.internal.cuda;

import static org.fasthebb.engine.Contraction.contract;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.DeviceProvider;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.runtime.Driver;
import org.fasthebb.engine.internal.cuda.runtime.FoundDevice;
import org.fasthebb.engine.internal.cuda.runtime.FoundDriver;
import org.fasthebb.engine.internal.cuda.runtime.Surroundings;
import org.fasthebb.testing.Devices;
import org.fasthebb.testing.EmulatedDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens if the GPU fails, and what is queued on it; tested with the emulated driver. */
class CudaDeviceTest {
  private static final int MIB = 1 << 18;

  private Backend gpu;

  @BeforeEach
  void open() {
    assumeTrue(Devices.isEmulated(), "needs the emulated driver: " + Devices.whyNoGpu());
    EmulatedDriver.set("reset", 0);
    EmulatedDriver.set("total-memory", 320 << 20); // of which copies and cuBLAS take 96
    gpu = Backend.cuda();
  }

  @AfterEach
  void close() {
    if (gpu != null) {
      gpu.close();
      EmulatedDriver.set("reset", 0);
    }
  }

  private static String message(Runnable work) {
    return assertThrows(IllegalStateException.class, work::run).getMessage();
  }

  private static void assertContains(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
    assertEquals(1, message.lines().count(), message);
  }

  private Tensor ones(int... shape) {
    return gpu.zeros(shape).fill(1);
  }

  // ---- memory

  @Test
  void tooLargeATensorIsNamedAndLeavesTheRest() {
    Tensor x = ones(3);
    String message = message(() -> gpu.zeros(100, 1024, 1024));
    assertContains(
        message, "[100, 1024, 1024]", "MiB", "of 320 MiB left", "a smaller batch", "Emulated");
    try (Scope _ = gpu.scope()) {
      assertContains(message(() -> gpu.empty(100, 1024, 1024)), "[100, 1024, 1024]");
      assertArrayEquals(new float[] {2, 2, 2}, x.plus(1).toArray());
    }
    assertArrayEquals(new float[] {1, 1, 1}, x.toArray());
  }

  @Test
  void temporariesThatLieIdleMakeRoom() {
    for (int size : new int[] {20, 30, 40, 50, 60, 70, 80}) { // together more than there is
      try (Scope _ = gpu.scope()) {
        assertEquals(1, gpu.empty(size, MIB).fill(1).slice(0, 0, 1).slice(1, 0, 1).item());
      }
    }
  }

  @Test
  void tensorsThatNobodyHoldsMakeRoom() {
    for (int i = 0; i < 12; i++) { // more than twice what there is
      gpu.zeros(50, MIB);
    }
  }

  @Test
  void manySmallTensorsThatNobodyHoldsMakeRoomForALargeOne() {
    for (int i = 0; i < 400; i++) { // nearly all there is
      gpu.empty(150, 1024);
    }
    gpu.empty(190, MIB);
  }

  @Test
  void roundsOfOneScopeTakeNothingMore() {
    Tensor x = ones(33, 65);
    long before = 0;
    for (int i = 0; i < 4; i++) {
      try (Scope _ = gpu.scope()) {
        contract("bs,ns->bn", x.plus(i).permute(1, 0), x.permute(1, 0)).softmax(1).sum(0);
      }
      if (i == 0) {
        before = EmulatedDriver.get("allocations");
      }
    }
    assertEquals(before, EmulatedDriver.get("allocations"));
  }

  @Test
  void tensorsAreGoneWithTheirScope() {
    Tensor gone;
    try (Scope _ = gpu.scope()) {
      gone = gpu.empty(3).fill(1);
    }
    assertContains(message(gone::toArray), "scope that has closed");
    assertContains(message(() -> gone.plus(1)), "scope that has closed");
  }

  @Test
  void closeFreesEverything() {
    Tensor x = ones(5, 5);
    Scope open = gpu.scope();
    x.plus(1);
    Recording recording = gpu.record(() -> x.addAssign(x.times(0.5f)));
    recording.run();
    recording.run();
    gpu.close();
    for (String what :
        new String[] {"allocations", "bytes", "pinned", "streams", "events", "graphs"}) {
      assertEquals(0, EmulatedDriver.get(what), what);
    }
    gpu.close();
    assertContains(message(() -> x.plus(1)), "closed");
    assertContains(message(x::toArray), "closed");
    assertContains(message(recording::run), "closed");
    assertDoesNotThrow(open::close, "a scope that was open");
  }

  @Test
  void tensorsOfAnotherBackendAreRefused() {
    try (Backend other = Backend.cuda();
        Backend cpu = Backend.cpu(1)) {
      for (Tensor foreign : new Tensor[] {other.zeros(3), cpu.zeros(3)}) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> ones(3).plus(foreign)).getMessage();
        assertContains(message, "[3]", "another backend", "toArray()");
      }
      String message =
          assertThrows(IllegalStateException.class, () -> cpu.zeros(3).plus(ones(3))).getMessage();
      assertContains(message, "GPU");
    }
  }

  @Test
  void anyThreadMayComputeAfterAnother() throws InterruptedException {
    Tensor x = ones(4);
    Thread thread =
        new Thread(() -> x.addAssign(contract("bs,ns->bn", ones(2, 2), ones(2, 2)).reshape(4)));
    thread.start();
    thread.join();
    assertArrayEquals(new float[] {3, 3, 3, 3}, x.toArray());
  }

  @Test
  void theDeviceThatWasTakenIsNamedWithTheReason() {
    EmulatedDriver.set("device-count", 3);
    FoundDevice old = new FoundDevice(0, "Old", 6, 1, 6L << 30);
    FoundDevice good = new FoundDevice(1, "Good", 9, 0, 6L << 30);
    FoundDevice better = new FoundDevice(2, "Better", 9, 0, 6L << 30);
    FoundDriver found = new FoundDriver("libcuda.so.1", 13000, List.of(old, good, better), null);
    assertContains(describe(DeviceProvider.FIRST, found), "Good (cuda:1 of 3, the first that is");
    assertContains(describe(2, found), "Better (cuda:2 of 3, as asked for");
    assertContains(message(() -> describe(0, found)), "cuda:0, Old, has compute capability 6.1");
    assertContains(message(() -> describe(3, found)), "no GPU cuda:3", "last one is cuda:2");
  }

  private static String describe(int number, FoundDriver found) {
    try (CudaDevice device = new CudaDevice(1, false, number, found, Surroundings.actual())) {
      return device.describe();
    }
  }

  // ---- failures

  @Test
  void aFailedKernelIsReportedOnce() {
    Tensor x = ones(3);
    EmulatedDriver.set("fail-launch", 1);
    String message = message(() -> x.plus(1).toArray());
    assertContains(message, "Emulated GPU", "LAUNCH_FAILED", "starts anew");
    assertContains(message(x::toArray), "Emulated GPU");
  }

  @ParameterizedTest
  @ValueSource(ints = {214, 702, 710, 714, 715, 716, 717, 718, 719})
  void anErrorThatEndsTheContextIsCalledSo(int status) {
    Tensor x = ones(3);
    EmulatedDriver.set("fail-status", status);
    EmulatedDriver.set("fail-launch", 1);
    assertContains(message(() -> x.plus(1).toArray()), "Emulated GPU", "starts anew");
  }

  @Test
  void debuggingWaitsForEachProduct() {
    System.setProperty(Driver.DEBUG, "true");
    try (Backend slow = Backend.cuda()) {
      Tensor x = slow.zeros(3, 5);
      EmulatedDriver.set("fail-gemm", 1);
      assertContains(message(() -> contract("ik,jk->ij", x, x)), "matrix product", "m=3", "k=5");
    } finally {
      System.clearProperty(Driver.DEBUG);
    }
  }

  @Test
  void debuggingWaitsForEachKernel() {
    System.setProperty(Driver.DEBUG, "true");
    try (Backend slow = Backend.cuda()) {
      Tensor x = slow.zeros(3);
      EmulatedDriver.set("fail-launch", 1);
      assertContains(message(() -> x.times(2)), "map_flat", "Emulated GPU", "LAUNCH_FAILED");
    } finally {
      System.clearProperty(Driver.DEBUG);
    }
  }

  @Test
  void aRefusedLaunchNamesItsKernel() {
    Tensor x = ones(3);
    EmulatedDriver.set("refuse-launch", 1);
    assertContains(message(() -> x.plus(1)), "map_flat", "Emulated GPU", "CUDA_ERROR");
    assertArrayEquals(new float[] {2, 2, 2}, x.plus(1).toArray());
  }

  // ---- recordings

  @Test
  void recordingsAreReplayedWithoutTheHost() {
    Tensor x = ones(64, 33);
    Tensor y = gpu.zeros(64, 64);
    Runnable work = () -> y.addAssign(contract("bs,ns->bn", x, x.plus(1)).softmax(2));
    Tensor expected = gpu.zeros(64, 64);
    for (int i = 0; i < 5; i++) {
      expected.addAssign(contract("bs,ns->bn", x, x.plus(1)).softmax(2));
    }
    try (Recording recording = gpu.record(work)) {
      recording.run();
      recording.run();
      String[] counters = {"launches", "htod", "dtoh", "gemms", "allocations", "syncs"};
      long[] before = Arrays.stream(counters).mapToLong(EmulatedDriver::get).toArray();
      long replays = EmulatedDriver.get("graph-launches");
      recording.run();
      recording.run();
      recording.run();
      assertEquals(replays + 3, EmulatedDriver.get("graph-launches"));
      for (int i = 0; i < counters.length; i++) {
        if (!counters[i].equals("gemms")) { // which are counted when they run
          assertEquals(before[i], EmulatedDriver.get(counters[i]), counters[i]);
        }
      }
      assertArrayEquals(expected.toArray(), y.toArray());
    }
    assertEquals(0, EmulatedDriver.get("graphs"));
  }

  @Test
  void aRecordingOfVeryManyOperationsIsNotKeptAsAGraph() {
    Tensor x = gpu.zeros(1);
    Tensor one = ones(1);
    int[] operations = {20_001};
    Runnable work =
        () -> {
          for (int i = 0; i < operations[0]; i++) {
            x.addAssign(one);
          }
        };
    long graphs = EmulatedDriver.get("graph-launches");
    try (Recording recording = gpu.record(work)) {
      recording.run();
      recording.run();
      assertEquals(0, EmulatedDriver.get("graphs"));
      assertEquals(graphs, EmulatedDriver.get("graph-launches"));
      assertEquals(2 * 20_001, x.item());
    }
    operations[0] = 20_000;
    try (Recording recording = gpu.record(work)) {
      recording.run();
      recording.run();
      assertEquals(1, EmulatedDriver.get("graphs"));
    }
  }

  @Test
  void aRecordingThatChangesIsRefusedAndTheBackendGoesOn() {
    Tensor x = ones(3);
    int[] runs = {0};
    try (Recording recording = gpu.record(() -> x.addAssign(ones(1000 * ++runs[0]).sum()))) {
      recording.run();
      assertContains(message(recording::run), "recording", "the same work");
    }
    assertArrayEquals(new float[] {1002, 1002, 1002}, x.plus(1).toArray());
    assertEquals(0, EmulatedDriver.get("graphs"));
  }

  @Test
  void anotherThreadMayCloseARecording() throws InterruptedException {
    Tensor x = ones(3);
    Recording recording = gpu.record(() -> x.addAssign(x));
    recording.run();
    recording.run();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(recording::close);
    thread.setUncaughtExceptionHandler((_, e) -> thrown.set(e));
    thread.start();
    thread.join();
    assertNull(thrown.get());
    assertEquals(0, EmulatedDriver.get("graphs"));
    assertArrayEquals(new float[] {4, 4, 4}, x.toArray());
  }

  @Test
  void productsOfMoreMatricesThanAGridHasBlocksAreCut() {
    int n = 65535 + 3;
    Tensor x = gpu.zeros(n, 1, 1).fill(1);
    x.slice(0, n - 1, n).fill(3);
    Tensor y = contract("bik,bkj->bij", x, x);
    assertEquals(9, y.slice(0, n - 1, n).sum().item());
    assertEquals(n + 8, y.sum().item());
  }

  @Test
  void aFailureInARecordingIsThrown() {
    Tensor x = ones(3);
    int[] runs = {0};
    try (Recording recording =
        gpu.record(() -> {
          x.addAssign(x);
          if (++runs[0] == 2) {
            throw new IllegalStateException("mine");
          }
        })) {
      recording.run();
      assertEquals("mine", message(recording::run));
      recording.run();
      recording.run();
    }
    assertArrayEquals(new float[] {8, 8, 8}, x.toArray());
  }
}
