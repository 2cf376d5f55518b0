package org.fasthebb.models.linalg;

import java.util.Locale;

/**
 * The inverse square root (A + epsilon I)<sup>-1/2</sup> of a symmetric matrix A, without its
 * eigenvectors.
 *
 * <p>With A = Q T Q<sup>T</sup> it is Q (T + epsilon I)<sup>-1/2</sup> Q<sup>T</sup>, where T has
 * three diagonals. The relative error is about 1e-12 for well-conditioned matrices. The result has
 * the same bits for any number of threads and on any machine.
 */
public final class InverseSquareRoot {
  private InverseSquareRoot() {}

  /**
   * Computes the inverse square root in O(n<sup>3</sup>).
   *
   * @param a n x n matrix without negative eigenvalues, row-major; only the lower triangle is read
   * @param n 0 to 46340
   * @param epsilon over 0
   * @param parallel runs the parallel parts
   * @return the n rows of a symmetric matrix
   * @throws IllegalArgumentException if the length of a is not n<sup>2</sup>, an element is NaN or
   *     infinite, or epsilon is not over 0
   * @throws ArithmeticException if an eigenvalue is below -epsilon / 2
   */
  public static double[][] of(double[] a, int n, double epsilon, Parallel parallel) {
    if (!(epsilon > 0) || epsilon == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "epsilon is " + epsilon + "; an inverse square root needs a number over 0.");
    }
    SymmetricRows scaled = SymmetricRows.of(a, n);
    Tridiagonal t = Tridiagonal.reduce(scaled.rows(), parallel);
    double shift = Math.scalb(epsilon, -scaled.exponent());
    TridiagonalInverses inverses;
    try {
      inverses = TridiagonalInverses.forInverseSquareRoot(t, shift);
    } catch (ArithmeticException e) {
      throw new ArithmeticException(
          String.format(
              Locale.ROOT,
              "The matrix has an eigenvalue below -epsilon / 2 with epsilon %s, by rounding or"
                  + " because it is no covariance; take a larger epsilon.",
              epsilon));
    }
    double[][] root = Congruence.apply(t, inverses, parallel);
    int half = -scaled.exponent() / 2;
    for (double[] row : root) {
      for (int j = 0; j < n; j++) {
        row[j] = Math.scalb(row[j], half);
      }
    }
    return root;
  }
}
