package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.CPU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UniformTest {
  private static final int N = 200_000;

  private static float[] draw(Backend backend, int n, long seed, int step) {
    return backend.empty(n).uniformAssign(seed, backend.zeros(1).fill(step)).toArray();
  }

  /** The first outputs of splitmix64 from state 0, as in JDK's SplittableRandom(0). */
  @Test
  void mixesAsSplittableRandomDoes() {
    SplittableRandom random = new SplittableRandom(0);
    for (long i = 0; i < 5; i++) {
      assertEquals(random.nextLong(), SplitMix64.bits(0, i));
    }
  }

  @Test
  void fillsTheUnitInterval() {
    float[] drawn = draw(CPU, N, 1, 0);
    double sum = 0;
    double squares = 0;
    int[] tenths = new int[10];
    for (float u : drawn) {
      assertTrue(u >= 0 && u < 1, "drawn " + u);
      assertEquals(Math.rint(u * 0x1p24), u * 0x1p24, 0, "a multiple of 2^-24");
      sum += u;
      squares += u * u;
      tenths[(int) (u * 10)]++;
    }
    assertEquals(0.5, sum / N, 5 * Math.sqrt(1 / 12.0 / N));
    assertEquals(1 / 3.0, squares / N, 5 * Math.sqrt(4 / 45.0 / N));
    for (int count : tenths) {
      assertEquals(N / 10.0, count, 5 * Math.sqrt(N * 0.09));
    }
  }

  @Test
  void seedsAndStepsAreUnrelated() {
    assertUncorrelated(draw(CPU, N, 7, 0), draw(CPU, N, 8, 0));
    assertUncorrelated(draw(CPU, N, 7, 0), draw(CPU, N, 7, 1));
    assertUncorrelated(draw(CPU, N, 7, 1), draw(CPU, N, 8, 0));
  }

  private static void assertUncorrelated(float[] a, float[] b) {
    for (int shift = 0; shift < 3; shift++) {
      double sum = 0;
      for (int i = shift; i < N; i++) {
        sum += (a[i] - 0.5) * (b[i - shift] - 0.5);
      }
      assertEquals(0, sum, 5 * Math.sqrt(N) / 12, "shifted by " + shift);
    }
  }

  @Test
  void dependsOnPositionOnly() {
    float[] all = draw(CPU, N, 7, 3);
    assertArrayEquals(Arrays.copyOf(all, 1001), draw(CPU, 1001, 7, 3));
    try (Backend three = Backend.cpu(3)) {
      assertArrayEquals(all, draw(three, N, 7, 3));
    }
  }

  /** The formula is exact: both numbers have 24 bits. */
  @Test
  void randomTensorsAreUniformAroundZero() {
    float[] drawn = CPU.random(5, 300, 400).toArray();
    float[] uniform = draw(CPU, 120_000, 5, 0);
    for (int i = 0; i < drawn.length; i++) {
      assertEquals(2 * uniform[i] - 1, drawn[i]);
    }
  }

  @Test
  void refusesViewsWithGapsAndStepsOfManyNumbers() {
    Tensor columns = CPU.zeros(4, 4).slice(1, 0, 2);
    assertRefused("gaps", columns, CPU.zeros(1));
    assertRefused("[2]", CPU.zeros(4), CPU.zeros(2));
  }

  private static void assertRefused(String reason, Tensor x, Tensor step) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> x.uniformAssign(1, step)).getMessage();
    assertTrue(message.contains(reason), message);
  }
}
