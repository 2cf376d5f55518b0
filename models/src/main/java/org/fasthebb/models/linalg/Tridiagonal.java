package org.fasthebb.models.linalg;

import java.util.Arrays;

/**
 * Householder reduction of a symmetric matrix to tridiagonal form, A = Q T Q^T.
 *
 * <p>The reduction goes from the last row up, because rows of the lower triangle are contiguous. Q
 * is the product H(n-1) ... H(1) of reflections H(i) = I - tau(i) v(i) v(i)^T on the first i
 * coordinates.
 *
 * @param diagonal the n diagonal elements of T
 * @param offDiagonal element i couples rows i and i + 1 of T; length n, the last is 0
 * @param reflectors row i holds v(i), zero from index i on
 * @param tau factors of the reflections, 0 where H is the identity
 */
record Tridiagonal(double[] diagonal, double[] offDiagonal, double[][] reflectors, double[] tau) {
  /** Rows reduced before the rest of the matrix is updated, in one pass over memory. */
  private static final int PANEL = 32;

  /** Rows of the matrix per task of the update. */
  private static final int BAND = 64;

  /** Below this a vector counts as zero: the squares of its elements would underflow. */
  private static final double TINY = 1e-100;

  /**
   * Reduces a matrix with elements of at most about 1.
   *
   * @param a rows of the matrix, of which the lower triangle is read; overwritten
   */
  static Tridiagonal reduce(double[][] a, Parallel parallel) {
    int n = a.length;
    var t = new Tridiagonal(new double[n], new double[n], a, new double[n]);
    var product = new SymmetricProduct(n);
    double[][] v = new double[PANEL][];
    double[][] w = new double[PANEL][n];
    for (int high = n; high > 0; high -= PANEL) {
      int low = Math.max(high - PANEL, 0);
      for (int i = high - 1; i >= low; i--) {
        int done = high - 1 - i;
        t.applyPending(i, v, w, done);
        v[done] = a[i];
        if (i > 0) {
          t.reflect(i);
          t.pendingUpdate(i, product, v, w, done, parallel);
        }
      }
      update(a, low, v, w, high - low, parallel);
    }
    return t;
  }

  /** Brings row i up to date with the reflections of its panel. */
  private void applyPending(int i, double[][] v, double[][] w, int done) {
    double[] row = reflectors[i];
    for (int r = 0; r < done; r++) {
      double vi = v[r][i];
      double wi = w[r][i];
      Vectors.add(row, -vi, w[r], 0, i + 1);
      Vectors.add(row, -wi, v[r], 0, i + 1);
    }
    diagonal[i] = row[i];
    Arrays.fill(row, i, row.length, 0);
  }

  /** Replaces the first i elements of row i by the vector that reflects them to the last axis. */
  private void reflect(int i) {
    double[] row = reflectors[i];
    double largest = 0;
    for (int j = 0; j < i - 1; j++) {
      largest = Math.max(largest, Math.abs(row[j]));
    }
    double alpha = row[i - 1];
    offDiagonal[i - 1] = alpha;
    if (largest < TINY) {
      Arrays.fill(row, 0, i, 0);
      return;
    }
    double beta = -Math.copySign(Math.sqrt(Vectors.dot(row, row, i)), alpha);
    for (int j = 0; j < i - 1; j++) {
      row[j] /= alpha - beta;
    }
    row[i - 1] = 1;
    offDiagonal[i - 1] = beta;
    tau[i] = (beta - alpha) / beta;
  }

  /** Sets w so that H A H = A - v w^T - w v^T for the up-to-date leading block A of size i. */
  private void pendingUpdate(
      int i, SymmetricProduct product, double[][] v, double[][] w, int done, Parallel parallel) {
    double[] x = v[done];
    double[] y = w[done];
    if (tau[i] == 0) {
      Arrays.fill(y, 0, i, 0);
      return;
    }
    product.multiply(reflectors, i, x, y, parallel);
    for (int r = 0; r < done; r++) {
      double vx = Vectors.dot(v[r], x, i);
      double wx = Vectors.dot(w[r], x, i);
      Vectors.add(y, -wx, v[r], 0, i);
      Vectors.add(y, -vx, w[r], 0, i);
    }
    double factor = tau[i];
    for (int j = 0; j < i; j++) {
      y[j] *= factor;
    }
    Vectors.add(y, -0.5 * factor * Vectors.dot(x, y, i), x, 0, i);
  }

  /**
   * Subtracts v w^T + w v^T from the leading block of a symmetric matrix, summed over the first
   * vectors of v and w. Only the lower triangle is right afterwards.
   */
  static void update(
      double[][] a, int size, double[][] v, double[][] w, int vectors, Parallel parallel) {
    double[][] in = new double[2 * vectors][];
    for (int r = 0; r < vectors; r++) {
      in[2 * r] = w[r];
      in[2 * r + 1] = v[r];
    }
    int bands = (size + BAND - 1) / BAND;
    parallel.run(
        bands,
        b -> {
          int from = (bands - 1 - b) * BAND; // the longest rows first
          int to = Math.min(from + BAND, size);
          double[][] c = new double[to - from][2 * vectors];
          for (int k = 0; k < 2 * vectors; k++) {
            for (int j = from; j < to; j++) {
              c[j - from][k] = -in[k ^ 1][j];
            }
          }
          // This writes slightly beyond the diagonal, where nothing is read.
          RowProduct.add(a, from, to, c, in, 2 * vectors, 0, to);
        });
  }
}
