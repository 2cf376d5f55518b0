package org.fasthebb.models.readout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.learn.Normalisation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhitenedFeaturesTest {
  private static final Backend CPU = Backend.cpu(2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static DataLoader loader(Points points, int images) {
    return DataLoader.once(points, new Examples(points.set, IntStream.range(0, images).toArray()));
  }

  /** Covariances (F, F) of the rows of x, by their definition. */
  private static double[][] covariances(Tensor x) {
    int n = x.size(0);
    int f = x.size(1);
    float[] values = x.toArray();
    double[] mean = new double[f];
    for (int i = 0; i < values.length; i++) {
      mean[i % f] += values[i] / (double) n;
    }
    double[][] sums = new double[f][f];
    for (int b = 0; b < n; b++) {
      for (int i = 0; i < f; i++) {
        for (int j = 0; j < f; j++) {
          sums[i][j] += (values[b * f + i] - mean[i]) * (values[b * f + j] - mean[j]) / n;
        }
      }
    }
    return sums;
  }

  /** The matrix W solves W (A + epsilon I) W = I, also for fewer images than features. */
  @ParameterizedTest
  @CsvSource({"300, 1, 0.1", "300, 7, 1e-3", "4000, 19, 0.5", "20, 33, 0.2"})
  void invertsTheSquareRootOfCovariances(int images, int f, float epsilon) {
    Points points = new Points(CPU, images, f, 1);
    Normalisation normalised = Normalisation.blank(CPU, f, false);
    normalised.fit(loader(points, images));
    Tensor x = points.batch(points.set, IntStream.range(0, images).toArray());
    double[][] a = covariances(normalised.of(x));
    Normalisation whitened = normalised.whitened(loader(points, images), epsilon);
    float[] w = whitened.whitening().toArray();
    for (int i = 0; i < f; i++) {
      for (int j = 0; j < f; j++) {
        double sum = 0;
        for (int k = 0; k < f; k++) {
          for (int l = 0; l < f; l++) {
            sum += w[i * f + k] * (a[k][l] + (k == l ? epsilon : 0)) * w[l * f + j];
          }
        }
        assertEquals(i == j ? 1 : 0, sum, 1e-4, i + ", " + j);
      }
    }
  }

  @Test
  void whitenedFeaturesAreUncorrelatedAndThenDivided() {
    Points points = new Points(CPU, 500, 6, 1);
    Normalisation normalised = Normalisation.blank(CPU, 6, false);
    normalised.fit(loader(points, 500));
    Normalisation whitened = normalised.whitened(loader(points, 500), 1e-6f);
    Tensor x = points.batch(points.set, IntStream.range(0, 500).toArray());
    double[][] after = covariances(whitened.of(x));
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        assertEquals(i == j ? 1 : 0, after[i][j], 1e-4);
      }
    }
    Tensor unit = new Normalisation(whitened.norm(), whitened.whitening(), true).of(x);
    for (float square : unit.sumOfSquares(1).toArray()) {
      assertEquals(1, square, 1e-5);
    }
  }

  @Test
  void memoryIsAskedForBefore() {
    Normalisation.requireMemory(6144, 4L << 30);
    String message =
        assertThrows(DataException.class, () -> Normalisation.requireMemory(24_576, 8L << 30))
            .getMessage();
    assertTrue(message.startsWith("whitening of 24,576 features takes 19.3 GB"), message);
    assertThrows(DataException.class, () -> Normalisation.requireMemory(50_000, Long.MAX_VALUE));
  }
}
