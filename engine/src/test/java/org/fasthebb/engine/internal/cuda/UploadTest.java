package org.fasthebb.engine.internal.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.runtime.Driver;
import org.fasthebb.testing.Devices;
import org.fasthebb.testing.EmulatedDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The order of copies to a GPU and of the work queued on it. The emulated driver runs work as late
 * as a GPU may, in tests with {@value #EARLY} all but the copies, which it runs as early as a GPU
 * may: results are wrong in one of the two if a wait is missing.
 */
class UploadTest {
  private static final int LATE = 1;
  private static final int EARLY = 2;

  /** Values that take a stream of their own. */
  private static final int LONG = 3 << 20;

  private Backend gpu;

  @BeforeEach
  void open() {
    assumeTrue(Devices.isEmulated(), "needs the emulated driver: " + Devices.whyNoGpu());
    EmulatedDriver.set("reset", 0);
    gpu = Backend.cuda();
  }

  @AfterEach
  void close() {
    if (gpu != null) {
      gpu.close();
      EmulatedDriver.set("reset", 0);
    }
  }

  private static float[] filled(int n, float value) {
    float[] values = new float[n];
    Arrays.fill(values, value);
    return values;
  }

  private static void assertAll(float expected, Tensor x) {
    for (float value : x.toArray()) {
      if (value != expected) {
        assertEquals(expected, value);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LATE, EARLY})
  void copiesLongerThanTheBufferWaitForWhatItStillHolds(int order) {
    EmulatedDriver.set("lazy", order);
    float[] values = new float[5 << 22]; // two halves and a half of 32 MiB
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 65_521;
    }
    Tensor x = gpu.of(values, values.length);
    Arrays.fill(values, 0, values.length, -1);
    assertEquals(0, x.slice(0, 0, 1).item());
    float[] back = x.toArray();
    for (int i = 0; i < back.length; i++) {
      if (back[i] != i % 65_521) {
        assertEquals(i % 65_521, back[i], "element " + i);
      }
    }
  }

  /** Lengths about those at which a copy takes another way: 2^14 values, and half of the buffer. */
  @ParameterizedTest
  @ValueSource(ints = {LATE, EARLY})
  void copiesOfAnyLengthArriveInTheirOrder(int order) {
    EmulatedDriver.set("lazy", order);
    int half = 1 << 23;
    int[] lengths = {0, 1, 1 << 14, (1 << 14) + 1, half - 1, half, half + 1, 1, 2 * half + 1, 0};
    List<Tensor> all = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      all.add(gpu.of(filled(lengths[i], i), lengths[i]));
      all.getLast().write(filled(lengths[i], i + 1));
    }
    for (int i = 0; i < lengths.length; i++) {
      assertAll(i + 1, all.get(i));
    }
  }

  @Test
  void theNextBatchTravelsBeforeTheStepOfTheLastOneBegins() {
    Tensor x = gpu.zeros(LONG);
    gpu.await();
    EmulatedDriver.set("lazy", EARLY);
    long kernels = EmulatedDriver.get("kernels");
    long waits = EmulatedDriver.get("syncs");
    long copies = EmulatedDriver.get("htod");
    try (Scope _ = gpu.scope()) {
      x.plus(1);
      x.write(filled(LONG, 5));
    }
    assertEquals(copies + 1, EmulatedDriver.get("htod"));
    assertEquals(kernels, EmulatedDriver.get("kernels"));
    assertEquals(waits, EmulatedDriver.get("syncs"));
    assertAll(5, x);
  }

  @ParameterizedTest
  @ValueSource(ints = {LATE, EARLY})
  void aCopyLeavesWhatQueuedWorkHasStillToRead(int order) {
    for (int n : new int[] {64, LONG}) {
      Tensor x = gpu.zeros(n).fill(1);
      EmulatedDriver.set("lazy", order);
      Tensor y = x.plus(1);
      x.write(filled(n, 7));
      Tensor z = x.plus(1);
      assertAll(2, y);
      assertAll(8, z);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LATE, EARLY})
  void aCopyToMemoryThatWasGivenBackLeavesWhatQueuedWorkHasStillToRead(int order) {
    EmulatedDriver.set("lazy", order);
    for (int n : new int[] {64, LONG}) {
      Tensor y = gpu.zeros(n);
      long before = 0;
      for (int i = 1; i < 4; i++) {
        try (Scope _ = gpu.scope()) {
          Tensor x = gpu.empty(n);
          x.write(filled(n, i));
          y.addAssign(x.square());
        }
        if (i == 1) {
          before = EmulatedDriver.get("allocations");
        }
      }
      assertEquals(before, EmulatedDriver.get("allocations"), "memory is lent again");
      assertAll(1 + 4 + 9, y);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LATE, EARLY})
  void recordedStepsSeeTheirOwnBatches(int order) {
    EmulatedDriver.set("lazy", order);
    Tensor x = gpu.zeros(LONG);
    Tensor label = gpu.zeros(1);
    Tensor sum = gpu.zeros(LONG);
    float expected = 0;
    try (Recording step = gpu.record(() -> sum.addAssign(x.square().times(label)))) {
      float[] values = new float[LONG];
      for (int i = 1; i <= 9; i++) { // more than the buffer holds
        Arrays.fill(values, i);
        x.write(values);
        label.write(new float[] {i});
        step.run();
        expected += i * i * i;
      }
      assertAll(expected, sum);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LATE, EARLY})
  void aCopyFromTheGpuLeavesCopiesToItAlone(int order) {
    EmulatedDriver.set("lazy", order);
    Tensor y = gpu.zeros(LONG).fill(3);
    Tensor x = gpu.of(filled(LONG, 4), LONG);
    Tensor label = gpu.of(filled(2, 5), 2);
    assertAll(3, y); // by the buffer that x and label were copied through
    assertAll(4, x);
    assertAll(5, label);
  }

  @Test
  void workThatFailedIsReportedByTheNextCopy() {
    Tensor x = gpu.zeros(LONG);
    EmulatedDriver.set("fail-launch", 1);
    String message =
        assertThrows(
                IllegalStateException.class,
                () -> {
                  x.addAssign(x);
                  x.write(filled(LONG, 1));
                })
            .getMessage();
    for (String part : new String[] {"a copy to the GPU", "LAUNCH_FAILED", "starts anew"}) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void debuggingWaitsForEachCopy() {
    System.setProperty(Driver.DEBUG, "true");
    try (Backend slow = Backend.cuda()) {
      EmulatedDriver.set("lazy", LATE);
      Tensor x = slow.zeros(LONG);
      long copies = EmulatedDriver.get("htod") + EmulatedDriver.get("dtod");
      x.write(filled(LONG, 1));
      assertEquals(copies + 2, EmulatedDriver.get("htod") + EmulatedDriver.get("dtod"));
    } finally {
      System.clearProperty(Driver.DEBUG);
    }
  }
}
