package org.fasthebb.models.linalg;

/**
 * A weighted sum F of inverses of shifted tridiagonal matrices, sum over k of weights[k] (T +
 * shifts[k] I)<sup>-1</sup>.
 *
 * <p>With the pivots d of Gaussian elimination and b beside the diagonal of T, an inverse G is
 * symmetric, and G(i, j) = ratio(i) G(i + 1, j) for i &lt; j, with ratio(i) = -b(i) / d(i). So it
 * is known by its diagonal and its ratios; a block of it beside the diagonal has rank 1, and F's
 * has the rank of the number of inverses.
 *
 * @param ratios a row per inverse, ratio(0) to ratio(n - 2), then 0
 * @param diagonals a row per inverse, its diagonal times its weight
 */
record TridiagonalInverses(double[][] ratios, double[][] diagonals) {
  /**
   * The sum that is (T + epsilon I)<sup>-1/2</sup> up to rounding.
   *
   * @throws ArithmeticException if T + epsilon / 2 I is not positive definite
   */
  static TridiagonalInverses forInverseSquareRoot(Tridiagonal t, double epsilon) {
    int n = t.diagonal().length;
    double largest = 0;
    for (int i = 0; i < n; i++) {
      double beside =
          Math.abs(t.offDiagonal()[i]) + (i == 0 ? 0 : Math.abs(t.offDiagonal()[i - 1]));
      largest = Math.max(largest, t.diagonal()[i] + beside); // Gershgorin's bound
    }
    double[] scratch = new double[n];
    invert(t, epsilon / 2, 1, scratch, scratch.clone()); // refuses what is not positive definite
    var sum = InverseSquareRootSum.on(epsilon / 2, epsilon + largest);
    int terms = sum.shifts().length;
    var inverses = new TridiagonalInverses(new double[terms][n], new double[terms][n]);
    for (int k = 0; k < terms; k++) {
      double shift = epsilon + sum.shifts()[k];
      invert(t, shift, sum.weights()[k], inverses.ratios[k], inverses.diagonals[k]);
    }
    return inverses;
  }

  private static void invert(
      Tridiagonal t, double shift, double weight, double[] ratio, double[] diagonal) {
    double[] b = t.offDiagonal();
    int n = ratio.length;
    for (int i = 0; i < n; i++) {
      double pivot = t.diagonal()[i] + shift;
      if (i > 0) {
        pivot = Math.fma(ratio[i - 1], b[i - 1], pivot);
      }
      if (!(pivot > 0)) {
        throw new ArithmeticException("Pivot " + i + " of a tridiagonal matrix is " + pivot + ".");
      }
      ratio[i] = -b[i] / pivot;
      diagonal[i] = weight / pivot;
    }
    for (int i = n - 2; i >= 0; i--) {
      diagonal[i] = Math.fma(ratio[i] * ratio[i], diagonal[i + 1], diagonal[i]);
    }
  }

  /** The number of inverses. */
  int terms() {
    return ratios.length;
  }

  /** Sets elements [from, to) x [from, to) of F. */
  void block(double[][] f, int from, int to) {
    for (int j = from; j < to; j++) {
      for (int k = 0; k < terms(); k++) {
        double x = diagonals[k][j];
        f[j][j] += x;
        for (int i = j - 1; i >= from; i--) {
          x *= ratios[k][i];
          f[i][j] += x;
          f[j][i] = f[i][j];
        }
      }
    }
  }

  /**
   * Carries row vectors u, one per inverse, from a block's corner at {@code from} to one at {@code
   * to}: element (i, j) of F is the sum of u[k][i] times {@link #right} [k][j] for i &lt; to &lt;=
   * j.
   */
  void left(double[][] u, int from, int to) {
    for (int k = 0; k < terms(); k++) {
      double product = 1;
      for (int i = to - 1; i >= from; i--) {
        product *= ratios[k][i];
        u[k][i] = product;
      }
      for (int i = 0; i < from; i++) {
        u[k][i] *= product;
      }
    }
  }

  /** Elements [from, to) of the row vectors that belong to a corner at {@code from}. */
  void right(double[][] v, int from, int to) {
    for (int k = 0; k < terms(); k++) {
      double product = 1;
      for (int j = from; j < to; j++) {
        v[k][j] = product * diagonals[k][j];
        product *= ratios[k][j];
      }
    }
  }
}
