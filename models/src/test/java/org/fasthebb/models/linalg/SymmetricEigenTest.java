package org.fasthebb.models.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricEigenTest {
  private static double[] random(int n) {
    var random = new SplittableRandom(n);
    return symmetric(n, (i, j) -> random.nextDouble(-1, 1));
  }

  private interface Element {
    double at(int i, int j);
  }

  private static double[] symmetric(int n, Element element) {
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        a[i * n + j] = element.at(i, j);
        a[j * n + i] = a[i * n + j];
      }
    }
    return a;
  }

  /** Checks A u = lambda u, orthonormality, order and the reconstruction of A. */
  private static SymmetricEigen check(double[] a, int n) {
    SymmetricEigen eigen = SymmetricEigen.of(a, n, Parallel.SERIAL);
    double norm = 0;
    for (double value : eigen.values()) {
      norm = Math.max(norm, Math.abs(value));
    }
    double tolerance = 1e-14 * (n + 10);
    for (int k = 0; k < n; k++) {
      double[] u = eigen.vectors()[k];
      assertTrue(k == 0 || eigen.values()[k] <= eigen.values()[k - 1], "descending");
      for (int i = 0; i < n; i++) {
        double product = 0;
        for (int j = 0; j < n; j++) {
          product += a[i * n + j] * u[j];
        }
        assertEquals(eigen.values()[k] * u[i], product, tolerance * norm, "A u = lambda u");
      }
      for (int l = 0; l <= k; l++) {
        double dot = Vectors.dot(u, eigen.vectors()[l], n);
        assertEquals(k == l ? 1 : 0, dot, tolerance, "orthonormal");
      }
    }
    assertArrayEquals(a, eigen.function(x -> x, Parallel.SERIAL), tolerance * norm);
    return eigen;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 17, 31, 32, 33, 64, 65, 100, 257})
  void randomMatrices(int n) {
    check(random(n), n);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 64, 100, 300})
  void toeplitzHasKnownSpectrum(int n) {
    double[] a = symmetric(n, (i, j) -> i == j ? 2 : i - j == 1 ? -1 : 0);
    double[] values = check(a, n).values();
    for (int k = 1; k <= n; k++) {
      double expected = 2 + 2 * Math.cos(k * Math.PI / (n + 1));
      assertEquals(expected, values[k - 1], 1e-13);
    }
  }

  @Test
  void rankDeficientAndRepeated() {
    int n = 120;
    double[] ones = symmetric(n, (_, _) -> 1);
    double[] values = check(ones, n).values();
    assertEquals(n, values[0], 1e-11);
    assertEquals(0, values[1], 1e-11);
    assertEquals(0, values[n - 1], 1e-11);

    double[] identityPlus = symmetric(n, (i, j) -> (i == j ? 3 : 0) + (i % 3 == j % 3 ? 1 : 0));
    values = check(identityPlus, n).values();
    for (int k = 0; k < n; k++) {
      assertEquals(k < 3 ? 3 + n / 3 : 3, values[k], 1e-11);
    }
  }

  @Test
  void diagonalZeroAndBlockMatrices() {
    int n = 70;
    check(new double[n * n], n);
    double[] values = check(symmetric(n, (i, j) -> i == j ? (i * 29) % n : 0), n).values();
    for (int k = 0; k < n; k++) {
      assertEquals(n - 1 - k, values[k]);
    }
    check(symmetric(n, (i, j) -> i / 7 == j / 7 ? 1.0 / (i + j + 1) : 0), n);
    check(symmetric(n, (i, j) -> i == j ? 1 : i - j == 1 ? 1e-17 : 0), n);
  }

  @Test
  void clusteredAndGradedMatrices() {
    int n = 210;
    check(symmetric(n, (i, j) -> i == j ? Math.abs(10 - i % 21) : i - j == 1 ? 1 : 0), n);
    check(
        symmetric(
            n,
            (i, j) -> i == j ? Math.abs(10 - i % 21) : i - j == 1 ? (i % 21 == 0 ? 1e-9 : 1) : 0),
        n);
    double[] a = random(n);
    check(symmetric(n, (i, j) -> a[i * n + j] * Math.pow(0.8, i + j)), n);
    check(symmetric(n, (i, j) -> a[i * n + j] * Math.pow(0.8, 2 * n - i - j)), n);
    check(symmetric(n, (i, j) -> 1.0 / (i + j + 1)), n);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-160, 1e160, 1e300})
  void extremeScales(double scale) {
    int n = 40;
    double[] a = random(n);
    double[] expected = SymmetricEigen.of(a, n, Parallel.SERIAL).values();
    double[] scaled = Arrays.stream(a).map(x -> x * scale).toArray();
    double[] values = SymmetricEigen.of(scaled, n, Parallel.SERIAL).values();
    for (int k = 0; k < n; k++) {
      assertEquals(expected[k], values[k] / scale, 1e-13);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 701, 1100})
  void bitsDoNotDependOnThreads(int n) {
    double[] a = random(n);
    SymmetricEigen serial = SymmetricEigen.of(a, n, Parallel.SERIAL);
    double[] whitening = serial.function(x -> 1 / (Math.abs(x) + 1), Parallel.SERIAL);
    for (int threads : new int[] {2, 5}) {
      try (var pool = new Threads(threads)) {
        SymmetricEigen other = SymmetricEigen.of(a, n, pool);
        assertArrayEquals(serial.values(), other.values());
        for (int k = 0; k < n; k++) {
          assertArrayEquals(serial.vectors()[k], other.vectors()[k]);
        }
        assertArrayEquals(whitening, other.function(x -> 1 / (Math.abs(x) + 1), pool));
      }
    }
    for (int k = 0; k < n; k += 97) {
      double[] u = serial.vectors()[k];
      for (int i = 0; i < n; i++) {
        double product = 0;
        for (int j = 0; j < n; j++) {
          product += a[i * n + j] * u[j];
        }
        assertEquals(serial.values()[k] * u[i], product, 1e-11);
      }
    }
  }

  @Test
  void inverseSquareRootWhitens() {
    int n = 90;
    double[] b = random(n);
    double[] a =
        symmetric(
            n,
            (i, j) -> {
              double sum = i == j ? 0.1 : 0;
              for (int k = 0; k < n; k++) {
                sum += b[i * n + k] * b[j * n + k];
              }
              return sum;
            });
    SymmetricEigen eigen = SymmetricEigen.of(a, n, Parallel.SERIAL);
    double[] w = eigen.function(x -> 1 / Math.sqrt(x), Parallel.SERIAL);
    float[] rounded = eigen.functionAsFloat(x -> 1 / Math.sqrt(x), Parallel.SERIAL);
    double[] identity = multiply(multiply(w, a, n), w, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        assertEquals(i == j ? 1 : 0, identity[i * n + j], 1e-11);
        assertEquals(w[i * n + j], w[j * n + i]);
        assertEquals((float) w[i * n + j], rounded[i * n + j]);
      }
    }
  }

  private static double[] multiply(double[] a, double[] b, int n) {
    double[] c = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < n; j++) {
          c[i * n + j] += a[i * n + k] * b[k * n + j];
        }
      }
    }
    return c;
  }

  @Test
  void refusesWrongInput() {
    double[] a = {1, 0, 0, 1};
    for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      a[2] = wrong;
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> SymmetricEigen.of(a, 2, Parallel.SERIAL));
      assertTrue(e.getMessage().contains("(1, 0)"), e.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> SymmetricEigen.of(a, 3, Parallel.SERIAL));
    assertThrows(IllegalArgumentException.class, () -> SymmetricEigen.of(a, -2, Parallel.SERIAL));
    SymmetricEigen zero = SymmetricEigen.of(new double[4], 2, Parallel.SERIAL);
    var e =
        assertThrows(ArithmeticException.class, () -> zero.function(x -> 1 / x, Parallel.SERIAL));
    assertTrue(e.getMessage().contains("Infinity at eigenvalue 0.0"), e.getMessage());
  }
}
