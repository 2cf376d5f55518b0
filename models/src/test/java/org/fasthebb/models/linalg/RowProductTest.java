package org.fasthebb.models.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowProductTest {
  private static double[][] random(int rows, int columns) {
    var random = new SplittableRandom(31L * rows + columns);
    double[][] a = new double[rows][columns];
    for (double[] row : a) {
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextDouble(-1, 1);
      }
    }
    return a;
  }

  /**
   * Sizes below and above those of blocks, with rows, depth and columns that do not fill a block.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 1",
    "2, 4, 0, 8",
    "3, 5, 2, 13",
    "5, 63, 7, 511",
    "7, 67, 3, 600",
    "4, 131, 509, 1031",
    "3, 0, 0, 9",
    "3, 9, 5, 5"
  })
  void everyElementIsOneChainOfMultiplyAdds(int rows, int depth, int lo, int hi) {
    int before = 2;
    double[][] c = random(rows, depth);
    double[][] in = random(depth, hi + 3);
    double[][] out = random(before + rows + 1, hi + 3);
    double[][] expected = random(before + rows + 1, hi + 3);
    for (int r = 0; r < rows; r++) {
      for (int j = lo; j < hi; j++) {
        for (int k = 0; k < depth; k++) {
          double sum = expected[before + r][j];
          expected[before + r][j] = Math.fma(c[r][k], in[k][j], sum);
        }
      }
    }
    RowProduct.add(out, before, before + rows, c, in, depth, lo, hi);
    for (int r = 0; r < out.length; r++) {
      assertArrayEquals(expected[r], out[r], "row " + r);
    }
  }
}
