package org.fasthebb.models.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CholeskyTest {
  private static final double SHIFT = 0.1;

  /** The textbook's factor, element by element. */
  private static double[][] naive(double[] a, int n) {
    double[][] l = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i * n + j] + (i == j ? SHIFT : 0);
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    return l;
  }

  private static double[][] random(int rows, int columns) {
    var random = new SplittableRandom(31L * rows + columns);
    double[][] b = new double[rows][columns];
    for (double[] row : b) {
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextDouble(-1, 1);
      }
    }
    return b;
  }

  private static double[][] copy(double[][] b) {
    double[][] copy = new double[b.length][];
    for (int i = 0; i < b.length; i++) {
      copy[i] = b[i].clone();
    }
    return copy;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 63, 64, 65, 131})
  void agreesWithTheTextbook(int n) {
    double[] a = Matrices.covariance(n, n + 2);
    double[][] expected = naive(a, n);
    Cholesky factor = Cholesky.of(a, n, SHIFT, Parallel.SERIAL);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        assertEquals(expected[i][j], factor.rows()[i][j], 1e-12, i + ", " + j);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 63, 64, 65, 131})
  void solvesEquations(int n) {
    double[] a = Matrices.covariance(n, n + 2);
    Cholesky factor = Cholesky.of(a, n, SHIFT, Parallel.SERIAL);
    double[][] b = random(n, 3);
    double[][] x = copy(b);
    factor.solve(x, Parallel.SERIAL);
    for (int i = 0; i < n; i++) {
      for (int column = 0; column < 3; column++) {
        double sum = SHIFT * x[i][column];
        for (int j = 0; j < n; j++) {
          sum += a[i * n + j] * x[j][column];
        }
        assertEquals(b[i][column], sum, 1e-10, "row " + i);
      }
    }
    double[][] half = copy(b);
    factor.solveLower(half, Parallel.SERIAL);
    double product = 0;
    double length = 0;
    for (int i = 0; i < n; i++) {
      product += b[i][0] * x[i][0];
      length += half[i][0] * half[i][0];
    }
    assertEquals(product, length, 1e-10 * (1 + product), "b A^-1 b");
  }

  @Test
  void hasTheSameBitsForAnyNumberOfThreads() {
    int n = 323;
    double[] a = Matrices.covariance(n, n);
    double[][] b = random(n, 300);
    Cholesky serial = Cholesky.of(a, n, SHIFT, Parallel.SERIAL);
    double[][] expected = copy(b);
    serial.solve(expected, Parallel.SERIAL);
    try (Threads threads = new Threads(3)) {
      Cholesky factor = Cholesky.of(a, n, SHIFT, threads);
      double[][] found = copy(b);
      factor.solve(found, threads);
      for (int i = 0; i < n; i++) {
        assertArrayEquals(expected[i], found[i], "row " + i);
      }
    }
  }

  @Test
  void refusesWhatIsNotPositiveDefinite() {
    double[] indefinite = {1, 2, 2, 1};
    String message =
        assertThrows(
                ArithmeticException.class, () -> Cholesky.of(indefinite, 2, 0, Parallel.SERIAL))
            .getMessage();
    assertEquals(
        "The matrix is not positive definite: pivot 1 of its Cholesky factor is -3.0; add more to"
            + " its diagonal.",
        message);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          ArithmeticException.class, () -> Cholesky.of(new double[] {bad}, 1, 0, Parallel.SERIAL));
    }
    Cholesky.of(indefinite, 2, 1.5, Parallel.SERIAL);
  }

  @Test
  void refusesArraysOfOtherSizes() {
    assertThrows(
        IllegalArgumentException.class, () -> Cholesky.of(new double[3], 2, 0, Parallel.SERIAL));
    Cholesky one = Cholesky.of(new double[] {4}, 1, 0, Parallel.SERIAL);
    assertEquals(
        "The right-hand side has 2 rows, but the matrix has 1; they must be as many.",
        assertThrows(
                IllegalArgumentException.class, () -> one.solve(new double[2][1], Parallel.SERIAL))
            .getMessage());
  }
}
