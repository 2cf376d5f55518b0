package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.CPU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
  private static final int N = 200_000;

  private static float[] mask(Backend backend, int n, float p, long seed) {
    return mask(backend, n, p, seed, 4);
  }

  private static float[] mask(Backend backend, int n, float p, long seed, int step) {
    Tensor out = backend.zeros(n).fill(Float.NaN);
    backend.device().dropout(backend.zeros(n).fill(1), p, seed, backend.zeros(1).fill(step), out);
    return out.toArray();
  }

  private static int dropped(float[] mask) {
    int dropped = 0;
    for (float m : mask) {
      dropped += m == 0 ? 1 : 0;
    }
    return dropped;
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 0.01f, 0.25f, 0.5f, 0.9f})
  void dropsTheShareAskedForAndScalesTheRest(float p) {
    float[] mask = mask(CPU, N, p, 1);
    double deviation = Math.sqrt(N * p * (1 - p));
    assertEquals(N * p, dropped(mask), 5 * deviation);
    for (float m : mask) {
      assertTrue(m == 0 || Math.abs(m - 1 / (1 - p)) < 1e-5, "scaled to " + m);
    }
  }

  @Test
  void sameSeedSameMask() {
    assertArrayEquals(mask(CPU, N, 0.5f, 7), mask(CPU, N, 0.5f, 7));
  }

  @Test
  void neighbouringSeedsShareNoMoreThanChance() {
    assertUnrelated(mask(CPU, N, 0.5f, 7), mask(CPU, N, 0.5f, 8));
  }

  @Test
  void neighbouringStepsShareNoMoreThanChance() {
    assertUnrelated(mask(CPU, N, 0.5f, 7, 0), mask(CPU, N, 0.5f, 7, 1));
    assertUnrelated(mask(CPU, N, 0.5f, 7, 1), mask(CPU, N, 0.5f, 8, 0));
  }

  private static void assertUnrelated(float[] a, float[] b) {
    int alike = 0;
    int shifted = 0;
    for (int i = 1; i < N; i++) {
      alike += a[i] == b[i] ? 1 : 0;
      shifted += a[i] == b[i - 1] ? 1 : 0;
    }
    double deviation = Math.sqrt(N * 0.25);
    assertEquals(N / 2.0, alike, 5 * deviation);
    assertEquals(N / 2.0, shifted, 5 * deviation);
  }

  @Test
  void maskDependsOnPositionOnly() {
    float[] all = mask(CPU, N, 0.5f, 7);
    float[] start = mask(CPU, 1001, 0.5f, 7);
    assertArrayEquals(java.util.Arrays.copyOf(all, 1001), start);
    try (Backend three = Backend.cpu(3)) {
      assertArrayEquals(all, mask(three, N, 0.5f, 7));
    }
  }

  @Test
  void valuesAreKeptAlsoInPlace() {
    Tensor x = Tensors.random(1, 5000);
    float[] before = x.toArray();
    float[] mask = mask(CPU, 5000, 0.5f, 3);
    CPU.device().dropout(x, 0.5f, 3, CPU.zeros(1).fill(4), x);
    float[] after = x.toArray();
    for (int i = 0; i < before.length; i++) {
      assertEquals(before[i] * mask[i], after[i], 0);
    }
  }
}
