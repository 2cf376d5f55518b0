package org.fasthebb.models.linalg;

import java.util.Locale;

/**
 * The lower triangle of a symmetric matrix, divided by 2<sup>exponent</sup>, so that its elements
 * are near 1 and their squares neither overflow nor underflow.
 *
 * @param rows n rows of length n, zero beyond the diagonal
 * @param exponent an even number
 */
record SymmetricRows(double[][] rows, int exponent) {
  /**
   * Copies and scales an n x n matrix, row-major, of which only the lower triangle is read.
   *
   * @throws IllegalArgumentException if the length of a is not n<sup>2</sup> or an element is NaN
   *     or infinite
   */
  static SymmetricRows of(double[] a, int n) {
    if (n < 0 || a.length != (long) n * n) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A symmetric %d x %d matrix needs %d elements but the array has %d; pass the whole"
                  + " matrix.",
              n,
              n,
              (long) n * n,
              a.length));
    }
    double largest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double x = a[i * n + j];
        if (!Double.isFinite(x)) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "Element (%d, %d) of the symmetric matrix is %s; all elements must be finite.",
                  i,
                  j,
                  x));
        }
        largest = Math.max(largest, Math.abs(x));
      }
    }
    int exponent = largest == 0 ? 0 : Math.getExponent(largest) & ~1;
    double[][] rows = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        rows[i][j] = Math.scalb(a[i * n + j], -exponent);
      }
    }
    return new SymmetricRows(rows, exponent);
  }
}
