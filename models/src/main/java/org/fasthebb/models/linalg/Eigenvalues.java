package org.fasthebb.models.linalg;

import java.util.Arrays;

/** Eigenvalues of a symmetric matrix. */
public final class Eigenvalues {
  private static final double EPSILON = 0x1p-53;
  private static final int MAX_ITERATIONS = 100;

  private Eigenvalues() {}

  /**
   * Computes all eigenvalues, by reduction to three diagonals and implicit QL iteration.
   *
   * @param a n x n matrix, row-major; only the lower triangle is read
   * @param n 0 to 46340
   * @param parallel runs the parallel parts
   * @return the n eigenvalues in descending order
   * @throws IllegalArgumentException if the length of a is not n<sup>2</sup> or an element is NaN
   *     or infinite
   */
  public static double[] of(double[] a, int n, Parallel parallel) {
    SymmetricRows scaled = SymmetricRows.of(a, n);
    Tridiagonal t = Tridiagonal.reduce(scaled.rows(), parallel);
    double[] values = t.diagonal();
    diagonalize(values, t.offDiagonal());
    Arrays.sort(values);
    double[] descending = new double[n];
    for (int k = 0; k < n; k++) {
      descending[k] = Math.scalb(values[n - 1 - k], scaled.exponent());
    }
    return descending;
  }

  /**
   * Replaces the diagonal of a tridiagonal matrix by its eigenvalues.
   *
   * @param e element i couples i and i + 1; destroyed
   */
  private static void diagonalize(double[] d, double[] e) {
    for (int i = 0; i < d.length; i++) {
      int iteration = 0;
      int m = negligible(d, e, i);
      while (m > i) {
        if (iteration++ == MAX_ITERATIONS) {
          throw new ArithmeticException(
              "The eigenvalue iteration does not converge; check the matrix for huge elements.");
        }
        step(d, e, i, m);
        m = negligible(d, e, i);
      }
    }
  }

  /** First index from i on that is not coupled to the next one. */
  private static int negligible(double[] d, double[] e, int i) {
    int m = i;
    while (m < d.length - 1 && Math.abs(e[m]) > EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) {
      m++;
    }
    return m;
  }

  private static void step(double[] d, double[] e, int i, int m) {
    double g = (d[i + 1] - d[i]) / (2 * e[i]);
    double r = StrictMath.hypot(g, 1);
    g = d[m] - d[i] + e[i] / (g + Math.copySign(r, g));
    double s = 1;
    double c = 1;
    double p = 0;
    for (int k = m - 1; k >= i; k--) {
      double f = s * e[k];
      double b = c * e[k];
      r = StrictMath.hypot(f, g);
      if (k + 1 < m) {
        e[k + 1] = r;
      }
      if (r == 0) {
        d[k + 1] -= p;
        return;
      }
      s = f / r;
      c = g / r;
      g = d[k + 1] - p;
      r = (d[k] - g) * s + 2 * c * b;
      p = s * r;
      d[k + 1] = g + p;
      g = c * r - b;
    }
    d[i] -= p;
    e[i] = g;
  }
}
