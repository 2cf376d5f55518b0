package org.fasthebb.models.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.api.Test;

class NormalNoiseTest {
  private static final int ROWS = 500;
  private static final int COLUMNS = 400;
  private static final int N = ROWS * COLUMNS;

  private static float[] draw(int threads, long seed, int step) {
    try (Backend cpu = Backend.cpu(threads)) {
      Tensor number = cpu.zeros(1).fill(step);
      return new NormalNoise(cpu, seed).draw(number, ROWS, COLUMNS).toArray();
    }
  }

  private static double moment(float[] values, int power) {
    double sum = 0;
    for (float value : values) {
      sum += Math.pow(value, power);
    }
    return sum / values.length;
  }

  @Test
  void momentsAreThoseOfTheStandardNormal() {
    float[] noise = draw(2, 3, 0);
    assertEquals(0, moment(noise, 1), 5 / Math.sqrt(N));
    assertEquals(1, moment(noise, 2), 5 * Math.sqrt(2.0 / N));
    assertEquals(0, moment(noise, 3), 5 * Math.sqrt(15.0 / N));
    assertEquals(3, moment(noise, 4), 5 * Math.sqrt(96.0 / N));
  }

  @Test
  void sharesAreThoseOfTheStandardNormal() {
    float[] noise = draw(2, 4, 1);
    Arrays.sort(noise);
    double[][] quantiles = {
      {0.00135, -3}, {0.02275, -2}, {0.15866, -1}, {0.5, 0}, {0.84134, 1}, {0.97725, 2}
    };
    for (double[] q : quantiles) {
      int below = 0;
      while (noise[below] < q[1]) {
        below++;
      }
      double deviation = Math.sqrt(q[0] * (1 - q[0]) / N);
      assertEquals(q[0], (double) below / N, 5 * deviation, "below " + q[1]);
    }
  }

  @Test
  void neighbouringSeedsStepsAndPositionsAreUnrelated() {
    float[] noise = draw(2, 5, 1);
    assertUnrelated(noise, draw(2, 6, 1), 0);
    assertUnrelated(noise, draw(2, 5, 2), 0);
    assertUnrelated(noise, noise, 1);
    assertUnrelated(noise, noise, COLUMNS);
  }

  private static void assertUnrelated(float[] a, float[] b, int lag) {
    double sum = 0;
    for (int i = lag; i < N; i++) {
      sum += (double) a[i] * b[i - lag];
    }
    assertEquals(0, sum / N, 5 / Math.sqrt(N));
  }

  @Test
  void sameSeedAndStepGiveTheSameOnAnyNumberOfThreads() {
    assertArrayEquals(draw(1, 7, 12), draw(3, 7, 12));
  }

  @Test
  void allIsFinite() {
    for (int step = 0; step < 20; step++) {
      for (float value : draw(2, 8, step)) {
        assertTrue(Math.abs(value) < 5.8, "drew " + value);
      }
    }
  }

  @Test
  void recordedNoiseDiffersFromStepToStep() {
    try (Backend cpu = Backend.cpu(1)) {
      NormalNoise noise = new NormalNoise(cpu, 7);
      Tensor number = cpu.zeros(1);
      Tensor out = cpu.zeros(3, 5);
      try (Recording recording = cpu.record(() -> out.assign(noise.draw(number, 3, 5)))) {
        for (int step = 0; step < 3; step++) {
          number.fill(step);
          recording.run();
          assertArrayEquals(noise.draw(number, 3, 5).toArray(), out.toArray());
        }
      }
    }
  }
}
