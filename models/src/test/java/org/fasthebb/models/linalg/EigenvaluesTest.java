package org.fasthebb.models.linalg;

import static org.fasthebb.models.linalg.Matrices.symmetric;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EigenvaluesTest {
  private static double[] of(double[] a, int n) {
    return Eigenvalues.of(a, n, Parallel.SERIAL);
  }

  /** Sums of powers of the eigenvalues are traces of powers of the matrix. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 17, 31, 32, 33, 64, 65, 100, 257})
  void powersSumToTraces(int n) {
    double[] a = Matrices.random(n);
    double[] values = of(a, n);
    double[] square = Matrices.multiply(a, a, n);
    double[] fourth = Matrices.multiply(square, square, n);
    double[] sums = new double[3];
    for (int k = 0; k < n; k++) {
      assertTrue(k == 0 || values[k] <= values[k - 1], "descending");
      sums[0] += values[k];
      sums[1] += values[k] * values[k];
      sums[2] += Math.pow(values[k], 4);
    }
    double tolerance = 1e-13 * (n + 1);
    assertEquals(trace(a, n), sums[0], tolerance * n);
    assertEquals(trace(square, n), sums[1], tolerance * n);
    assertEquals(trace(fourth, n), sums[2], tolerance * n * n);
  }

  private static double trace(double[] a, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += a[i * n + i];
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 64, 100, 300})
  void secondDifferencesHaveAKnownSpectrum(int n) {
    double[] values = of(symmetric(n, (i, j) -> i == j ? 2 : i - j == 1 ? -1 : 0), n);
    for (int k = 1; k <= n; k++) {
      assertEquals(2 + 2 * Math.cos(k * Math.PI / (n + 1)), values[k - 1], 1e-13);
    }
  }

  @Test
  void rankDeficientRepeatedAndDiagonal() {
    int n = 120;
    double[] values = of(symmetric(n, (_, _) -> 1), n);
    assertEquals(n, values[0], 1e-11);
    assertEquals(0, values[1], 1e-11);
    assertEquals(0, values[n - 1], 1e-11);
    values = of(symmetric(n, (i, j) -> (i == j ? 3 : 0) + (i % 3 == j % 3 ? 1 : 0)), n);
    for (int k = 0; k < n; k++) {
      assertEquals(k < 3 ? 3 + n / 3 : 3, values[k], 1e-11);
    }
    values = of(symmetric(n, (i, j) -> i == j ? (i * 29) % n : 0), n);
    for (int k = 0; k < n; k++) {
      assertEquals(n - 1 - k, values[k]);
    }
    assertArrayEquals(new double[n], of(new double[n * n], n));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-160, 1e160, 1e300})
  void extremeScales(double scale) {
    int n = 40;
    double[] a = Matrices.random(n);
    double[] expected = of(a, n);
    double[] values = of(Arrays.stream(a).map(x -> x * scale).toArray(), n);
    for (int k = 0; k < n; k++) {
      assertEquals(expected[k], values[k] / scale, 1e-13);
    }
  }

  @Test
  void refusesWrongInput() {
    double[] a = {1, 0, 0, 1};
    for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      a[2] = wrong;
      var e = assertThrows(IllegalArgumentException.class, () -> of(a, 2));
      assertTrue(e.getMessage().contains("(1, 0)"), e.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> of(a, 3));
    assertThrows(IllegalArgumentException.class, () -> of(a, -2));
  }
}
