package org.fasthebb.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the whitening of patches with plain loops. */
class PatchWhiteningTest {
  private static final Backend CPU = Backend.cpu(2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** Images whose neighbouring pixels, and whose channels, are alike. */
  private static float[] pixels(int count, int side, int c) {
    var random = new SplittableRandom(count);
    float[] pixels = new float[count * side * side * c];
    for (int i = 0; i < pixels.length; i++) {
      double above = i < side * c ? 0.5 : pixels[i - side * c];
      double left = i < c ? 0.5 : pixels[i - c];
      pixels[i] = (float) (0.35 * above + 0.35 * left + 0.3 * random.nextDouble());
    }
    return pixels;
  }

  /** The patches, row by row, each with mean 0 and about variance 1. */
  private static double[][] evened(float[] pixels, int count, int side, int c, int k) {
    int places = side - k + 1;
    double[][] patches = new double[count * places * places][k * k * c];
    for (int p = 0; p < patches.length; p++) {
      int b = p / places / places;
      int y = p / places % places;
      int x = p % places;
      double[] patch = patches[p];
      for (int i = 0; i < patch.length; i++) {
        int line = y + i / c / k;
        int column = x + i / c % k;
        patch[i] = pixels[((b * side + line) * side + column) * c + i % c];
      }
      double mean = Arrays.stream(patch).average().orElseThrow();
      double variance =
          Arrays.stream(patch).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      for (int i = 0; i < patch.length; i++) {
        patch[i] = (patch[i] - mean) / Math.sqrt(variance + 10. / 255 / 255);
      }
    }
    return patches;
  }

  private static double[] mean(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }

  private static double[][] covariances(double[][] rows) {
    double[] mean = mean(rows);
    double[][] a = new double[mean.length][mean.length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        for (int j = 0; j < mean.length; j++) {
          a[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / rows.length;
        }
      }
    }
    return a;
  }

  /** Whitened patches have covariances (A + 0.1 I)^-1 A, and mean 0; 700 images take two blocks. */
  @ParameterizedTest
  @CsvSource({"40, 9, 3, 2", "700, 7, 1, 3", "60, 8, 3, 3", "9, 4, 3, 1"})
  void fittedPatchesAreWhite(int count, int side, int c, int k) {
    float[] pixels = pixels(count, side, c);
    PatchWhitening stage = new PatchWhitening(CPU, "whitening1", k, c);
    double[][] rows = evened(pixels, count, side, c, k);
    double[][] white = new double[rows.length][];
    try (Scope _ = CPU.scope()) {
      Tensor images = CPU.of(pixels, count, side, side, c);
      stage.fit(images);
      Tensor maps = stage.evaluate(images);
      int places = side - k + 1;
      assertArrayEquals(new int[] {count, places, places, k * k * c}, maps.shape());
      float[] values = maps.toArray();
      for (int p = 0; p < rows.length; p++) {
        white[p] = new double[k * k * c];
        for (int i = 0; i < white[p].length; i++) {
          white[p][i] = values[p * white[p].length + i];
        }
      }
    }
    double[][] a = covariances(rows);
    double[][] left = covariances(white);
    for (double value : mean(white)) {
      assertEquals(0, value, 2e-4);
    }
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        double product = 0.1 * left[i][j];
        for (int m = 0; m < a.length; m++) {
          product += left[i][m] * a[m][j];
        }
        assertEquals(a[i][j], product, 2e-3, "covariance " + i + ", " + j);
      }
    }
  }

  @Test
  void aFlatPatchIsMinusTheMean() {
    PatchWhitening stage = new PatchWhitening(CPU, "whitening1", 2, 3);
    try (Scope _ = CPU.scope()) {
      float[] flat = stage.evaluate(CPU.of(new float[2 * 3 * 3 * 3], 2, 3, 3, 3)).toArray();
      assertArrayEquals(new float[2 * 2 * 2 * 12], flat, "until it is fitted the mean is 0");
      stage.fit(CPU.of(pixels(8, 3, 3), 8, 3, 3, 3));
      float[] fitted = stage.evaluate(CPU.of(new float[27], 1, 3, 3, 3)).toArray();
      Tensor mean = stage.statistics().get("whitening1.mean");
      Tensor z = stage.statistics().get("whitening1.whitening");
      for (int i = 0; i < 12; i++) {
        double sum = 0;
        for (int j = 0; j < 12; j++) {
          sum -= (double) mean.toArray()[j] * z.toArray()[j * 12 + i];
        }
        assertEquals(sum, fitted[i], 1e-4);
      }
    }
  }
}
