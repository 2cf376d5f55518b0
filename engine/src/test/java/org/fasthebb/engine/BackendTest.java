package org.fasthebb.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class BackendTest {
  @Test
  void describesThreadsKernelsAndWhy() {
    assertTrue(Tensors.CPU.describe().startsWith("cpu, 2 threads, "), Tensors.CPU.describe());
    assertTrue(Tensors.ONE.describe().startsWith("cpu, 1 thread, "), Tensors.ONE.describe());
    assertTrue(Tensors.ONE.describe().endsWith(")"), "the reason, in parentheses");
  }

  @Test
  void needsAThread() {
    for (int threads : new int[] {0, -3}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Backend.cpu(threads)).getMessage();
      assertTrue(message.contains("" + threads), message);
    }
  }

  @Test
  void ofCopiesItsValues() {
    float[] values = {1, 2, 3, 4};
    Tensor x = Tensors.CPU.of(values, 2, 2);
    values[0] = 9;
    assertArrayEquals(new float[] {1, 2, 3, 4}, x.toArray());
    assertArrayEquals(new float[6], Tensors.CPU.zeros(2, 3).toArray());
    assertNotSame(x.toArray(), x.toArray());
  }

  @Test
  void parallelRunsEveryTaskOnce() {
    AtomicIntegerArray runs = new AtomicIntegerArray(1000);
    Tensors.CPU.parallel(1000, runs::incrementAndGet);
    for (int i = 0; i < 1000; i++) {
      assertEquals(1, runs.get(i));
    }
    Tensors.CPU.parallel(0, i -> org.junit.jupiter.api.Assertions.fail());
  }

  @Test
  void closedBackendStillComputesWithoutItsThreads() {
    for (int threads : new int[] {1, 3}) {
      Backend backend = Backend.cpu(threads);
      Tensor x = backend.zeros(100_000).fill(1);
      backend.close();
      backend.close();
      assertTimeoutPreemptively(
          Duration.ofSeconds(10), () -> assertEquals(200_000, x.plus(1).sum().item()));
    }
  }
}
