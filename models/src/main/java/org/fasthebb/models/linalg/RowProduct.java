package org.fasthebb.models.linalg;

/**
 * The matrix product out += C in, for matrices that keep each row in an array of its own.
 *
 * <p>C2, the compiler, turns the innermost loop into vector instructions because one index serves
 * all arrays and because the body is small: with 2 x 4 rows it holds 8 multiply-adds, with 4 x 4 it
 * is too large for C2 to unroll and runs three times slower.
 */
final class RowProduct {
  /**
   * Columns per block. Two rows of out stay in the first-level cache and a block of in stays in the
   * second-level cache. More columns overflow them; fewer spend more time on starting loops.
   */
  static final int COLUMNS = 512;

  /** Rows of in per block. More overflow the second-level cache; fewer read out more often. */
  private static final int DEPTH = 64;

  private RowProduct() {}

  /**
   * Adds to rows [outFrom, outTo) of out, for columns [lo, hi), the sum over the first {@code
   * depth} rows of in of c[row - outFrom][k] in[k].
   *
   * <p>Each element is one chain of fused multiply-adds with ascending k, so its bits do not depend
   * on the sizes of blocks and tasks.
   */
  static void add(
      double[][] out,
      int outFrom,
      int outTo,
      double[][] c,
      double[][] in,
      int depth,
      int lo,
      int hi) {
    for (int left = lo; left < hi; left += COLUMNS) {
      int right = Math.min(left + COLUMNS, hi);
      for (int from = 0; from < depth; from += DEPTH) {
        int to = Math.min(from + DEPTH, depth);
        int row = outFrom;
        for (; row + 1 < outTo; row += 2) {
          double[] c0 = c[row - outFrom];
          double[] c1 = c[row + 1 - outFrom];
          addToPair(out[row], out[row + 1], c0, c1, in, from, to, left, right);
        }
        if (row < outTo) {
          addToRow(out[row], c[row - outFrom], in, from, to, left, right);
        }
      }
    }
  }

  private static void addToPair(
      double[] out0,
      double[] out1,
      double[] c0,
      double[] c1,
      double[][] in,
      int from,
      int to,
      int lo,
      int hi) {
    int k = from;
    for (; k + 4 <= to; k += 4) {
      addFour(out0, out1, c0, c1, k, in[k], in[k + 1], in[k + 2], in[k + 3], lo, hi);
    }
    for (; k < to; k++) {
      Vectors.add(out0, c0[k], in[k], lo, hi);
      Vectors.add(out1, c1[k], in[k], lo, hi);
    }
  }

  private static void addToRow(
      double[] out, double[] c, double[][] in, int from, int to, int lo, int hi) {
    for (int k = from; k < to; k++) {
      Vectors.add(out, c[k], in[k], lo, hi);
    }
  }

  private static void addFour(
      double[] out0,
      double[] out1,
      double[] c0,
      double[] c1,
      int k,
      double[] in0,
      double[] in1,
      double[] in2,
      double[] in3,
      int lo,
      int hi) {
    double c00 = c0[k];
    double c01 = c1[k];
    double c10 = c0[k + 1];
    double c11 = c1[k + 1];
    double c20 = c0[k + 2];
    double c21 = c1[k + 2];
    double c30 = c0[k + 3];
    double c31 = c1[k + 3];
    for (int j = lo; j < hi; j++) {
      double x0 = in0[j];
      double x1 = in1[j];
      double x2 = in2[j];
      double x3 = in3[j];
      out0[j] = Math.fma(c30, x3, Math.fma(c20, x2, Math.fma(c10, x1, Math.fma(c00, x0, out0[j]))));
      out1[j] = Math.fma(c31, x3, Math.fma(c21, x2, Math.fma(c11, x1, Math.fma(c01, x0, out1[j]))));
    }
  }
}
