package org.fasthebb.models.linalg;

import static org.fasthebb.models.linalg.Matrices.multiply;
import static org.fasthebb.models.linalg.Matrices.symmetric;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InverseSquareRootTest {
  private static double[] root(double[] a, int n, double epsilon) {
    double[][] rows = InverseSquareRoot.of(a, n, epsilon, Parallel.SERIAL);
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Checks that Z is symmetric and Z (A + epsilon I) Z the identity. */
  private static void check(double[] a, int n, double epsilon, double tolerance) {
    double[] z = root(a, n, epsilon);
    double[] shifted = a.clone();
    for (int i = 0; i < n; i++) {
      shifted[i * n + i] += epsilon;
    }
    double[] identity = multiply(multiply(z, shifted, n), z, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        assertEquals(i == j ? 1 : 0, identity[i * n + j], tolerance, "(" + i + ", " + j + ")");
        assertEquals(z[j * n + i], z[i * n + j]);
      }
    }
  }

  /** Sizes on both sides of a panel, a block and a task. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 31, 33, 65, 127, 128, 129, 130, 131, 257, 301})
  void whitensCovariances(int n) {
    check(Matrices.covariance(n, 2 * n + 1), n, 0.01, 1e-11);
  }

  /** Few vectors, as with fewer images than pixels: most eigenvalues are 0. */
  @ParameterizedTest
  @CsvSource({"50, 3, 1e-2, 1e-11", "200, 9, 1e-2, 1e-11", "200, 40, 1e-6, 1e-7"})
  void whitensWhereMostEigenvaluesAreZero(int n, int rank, double epsilon, double tolerance) {
    check(Matrices.covariance(n, rank), n, epsilon, tolerance);
  }

  @Test
  void specialMatrices() {
    int n = 150;
    check(new double[n * n], n, 0.5, 1e-12);
    check(symmetric(n, (_, _) -> 1), n, 0.1, 1e-11);
    check(symmetric(n, (i, j) -> i == j ? i * 29 % n : 0), n, 0.1, 1e-12);
    check(symmetric(n, (i, j) -> i == j ? 2 : i - j == 1 ? -1 : 0), n, 0.1, 1e-12);
    check(symmetric(n, (i, j) -> 1.0 / (i + j + 1)), n, 0.01, 1e-12);
    double[] a = Matrices.covariance(n, 300);
    check(symmetric(n, (i, j) -> a[i * n + j] * Math.pow(0.8, i + j)), n, 0.01, 1e-12);
    check(symmetric(n, (i, j) -> a[i * n + j] * Math.pow(0.8, 2 * n - i - j)), n, 0.01, 1e-12);
  }

  /** A diagonal matrix shows the error of the sum of fractions alone. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 6, 12, 20})
  void everyEigenvalueHasItsInverseSquareRoot(int decades) {
    int n = 41;
    double[] z =
        root(symmetric(n, (i, j) -> i == j ? Math.pow(10, decades * i / 40.0) : 0), n, 1e-3);
    for (int i = 0; i < n; i++) {
      double expected = 1 / Math.sqrt(Math.pow(10, decades * i / 40.0) + 1e-3);
      assertEquals(1, z[i * n + i] / expected, 2e-13, "eigenvalue " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0x1p-900, 0x1p-301, 0x1p301, 0x1p900})
  void scalesByPowersOfFourAreExact(double scale) {
    int n = 40;
    double[] a = Matrices.covariance(n, 90);
    double[] scaled = Arrays.stream(a).map(x -> x * scale).toArray();
    double[] z = root(a, n, 0.01);
    double[] other = root(scaled, n, 0.01 * scale);
    for (int i = 0; i < z.length; i++) {
      assertEquals(0, z[i] - other[i] * Math.sqrt(scale), 1e-11);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 701})
  void bitsDoNotDependOnThreads(int n) {
    double[] a = Matrices.covariance(n, n);
    double[] serial = root(a, n, 0.01);
    for (int threads : new int[] {2, 5}) {
      try (var pool = new Threads(threads)) {
        double[][] rows = InverseSquareRoot.of(a, n, 0.01, pool);
        assertArrayEquals(serial, Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
      }
    }
  }

  @Test
  void refusesWhatHasNoInverseSquareRoot() {
    double[] a = {1, 0, 0, -0.02};
    var e = assertThrows(ArithmeticException.class, () -> root(a, 2, 0.01));
    assertTrue(e.getMessage().contains("epsilon 0.01"), e.getMessage());
    for (double epsilon : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> root(a, 2, epsilon));
    }
  }
}
