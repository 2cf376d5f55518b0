package org.fasthebb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.fasthebb.engine.Backend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All programs of the ladder compute the product. */
class LadderTest {
  /** Rows of A, columns of B, and what is summed over: tiles and blocks with all kinds of rests. */
  private static final int[][] SIZES = {
    {1, 1, 1}, {4, 32, 256}, {3, 31, 5}, {5, 33, 257}, {7, 67, 515}, {13, 101, 17}, {64, 1, 3}
  };

  @ParameterizedTest
  @EnumSource
  void everyRungIsTheProduct(Ladder rung) {
    try (Backend cpu = Backend.cpu(1)) {
      for (int[] size : SIZES) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        float[] a = random(1, m * k);
        float[] b = random(2, k * n);
        Ladder.Program program = rung.on(cpu, m, n, k, a, b);
        program.run().run();
        program.run().run(); // a second product does not add to the first
        float[] c = program.result().get();
        assertEquals(m * n, c.length);
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int p = 0; p < k; p++) {
              sum += (double) a[i * k + p] * b[p * n + j];
            }
            assertEquals(sum, c[i * n + j], 1e-6 * k + 1e-6, rung + Arrays.toString(size));
          }
        }
      }
    }
  }

  private static float[] random(int seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }
}
