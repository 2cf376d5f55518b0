package org.fasthebb.models.linalg;

import java.util.Arrays;

/**
 * Multiplies a symmetric matrix by a vector, reading only the lower triangle, once.
 *
 * <p>Each element contributes to two sums. So rows are split into bands, each with a partial
 * result; the number of bands depends only on the size.
 */
final class SymmetricProduct {
  private static final int MAX_BANDS = 16;
  private static final int MIN_BAND_ROWS = 64;

  private final double[][] partial;

  SymmetricProduct(int n) {
    partial = new double[bands(n)][n];
  }

  private static int bands(int size) {
    return Math.clamp(size / MIN_BAND_ROWS, 1, MAX_BANDS);
  }

  /** Sets y to A v, where A is the leading block of the given size. */
  void multiply(double[][] a, int size, double[] v, double[] y, Parallel parallel) {
    int bands = bands(size);
    int[] bounds = new int[bands + 1];
    for (int b = 1; b < bands; b++) {
      bounds[b] = (int) (size * Math.sqrt((double) b / bands)) & ~3; // equal areas
    }
    bounds[bands] = size;
    Parallel run = bands == 1 ? Parallel.SERIAL : parallel;
    run.run(bands, b -> band(a, bounds[b], bounds[b + 1], v, partial[b]));
    Arrays.fill(y, 0, size, 0);
    for (int b = 0; b < bands; b++) {
      Vectors.add(y, 1, partial[b], 0, bounds[b + 1]);
    }
  }

  private static void band(double[][] a, int from, int to, double[] v, double[] y) {
    Arrays.fill(y, 0, to, 0);
    int i = from;
    for (; i + 4 <= to; i += 4) {
      fourRows(a[i], a[i + 1], a[i + 2], a[i + 3], v, y, i);
      for (int r = 0; r < 4; r++) {
        row(a[i + r], i + r, i, v, y);
      }
    }
    for (; i < to; i++) {
      row(a[i], i, 0, v, y);
    }
  }

  /** Row i of the triangle from the given column on. */
  private static void row(double[] ai, int i, int from, double[] v, double[] y) {
    double sum = 0;
    for (int j = from; j < i; j++) {
      sum = Math.fma(ai[j], v[j], sum);
      y[j] = Math.fma(ai[j], v[i], y[j]);
    }
    y[i] += Math.fma(ai[i], v[i], sum);
  }

  /** Columns [0, i) of rows i to i + 3. */
  private static void fourRows(
      double[] a0, double[] a1, double[] a2, double[] a3, double[] v, double[] y, int i) {
    double v0 = v[i];
    double v1 = v[i + 1];
    double v2 = v[i + 2];
    double v3 = v[i + 3];
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int j = 0; j < i; j++) {
      double vj = v[j];
      double b0 = a0[j];
      double b1 = a1[j];
      double b2 = a2[j];
      double b3 = a3[j];
      s0 = Math.fma(b0, vj, s0);
      s1 = Math.fma(b1, vj, s1);
      s2 = Math.fma(b2, vj, s2);
      s3 = Math.fma(b3, vj, s3);
      y[j] = Math.fma(b3, v3, Math.fma(b2, v2, Math.fma(b1, v1, Math.fma(b0, v0, y[j]))));
    }
    y[i] += s0;
    y[i + 1] += s1;
    y[i + 2] += s2;
    y[i + 3] += s3;
  }
}
