package org.fasthebb.models.linalg;

/** Implicit QL iteration for small symmetric tridiagonal blocks. */
final class TridiagonalQl {
  private static final double EPSILON = 0x1p-53;
  private static final int MAX_ITERATIONS = 100;

  private TridiagonalQl() {}

  /**
   * Diagonalises the block [lo, hi).
   *
   * @param d diagonal, replaced by the eigenvalues in ascending order
   * @param e element i couples i and i + 1; destroyed
   * @param rows the identity within the block, replaced by an eigenvector per row
   */
  static void solve(double[] d, double[] e, double[][] rows, int lo, int hi) {
    for (int i = lo; i < hi; i++) {
      int iteration = 0;
      int m = negligible(d, e, i, hi);
      while (m > i) {
        if (iteration++ == MAX_ITERATIONS) {
          throw new ArithmeticException(
              "The eigenvalue iteration does not converge; check the matrix for huge elements.");
        }
        step(d, e, rows, i, m, lo, hi);
        m = negligible(d, e, i, hi);
      }
    }
    sort(d, rows, lo, hi);
  }

  /** First index from i on that is not coupled to the next one. */
  private static int negligible(double[] d, double[] e, int i, int hi) {
    int m = i;
    while (m < hi - 1 && Math.abs(e[m]) > EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) {
      m++;
    }
    return m;
  }

  private static void step(double[] d, double[] e, double[][] rows, int i, int m, int lo, int hi) {
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
      rotate(rows[k + 1], rows[k], c, s, lo, hi);
    }
    d[i] -= p;
    e[i] = g;
  }

  /** Replaces x by c x + s y and y by c y - s x. */
  static void rotate(double[] x, double[] y, double c, double s, int lo, int hi) {
    for (int j = lo; j < hi; j++) {
      double xj = x[j];
      double yj = y[j];
      x[j] = c * xj + s * yj;
      y[j] = c * yj - s * xj;
    }
  }

  private static void sort(double[] d, double[][] rows, int lo, int hi) {
    for (int i = lo + 1; i < hi; i++) {
      double value = d[i];
      double[] row = rows[i];
      int j = i;
      for (; j > lo && d[j - 1] > value; j--) {
        d[j] = d[j - 1];
        rows[j] = rows[j - 1];
      }
      d[j] = value;
      rows[j] = row;
    }
  }
}
