package org.fasthebb.models.linalg;

/**
 * The matrix product on matrices of separate row arrays, out += C in.
 *
 * <p>The inner loops have the form in which the compiler uses vector instructions: one index for
 * all arrays, each row an array of its own, few enough operations for unrolling.
 */
final class RowProduct {
  /**
   * Columns per block: 2 output rows stay in the first-level cache, a block of input in the second.
   */
  private static final int COLUMNS = 512;

  /** Input rows per block. */
  private static final int DEPTH = 64;

  private RowProduct() {}

  /** The matrix C, computed on demand once per block of columns. */
  @FunctionalInterface
  interface Coefficients {
    double at(int outRow, int inRow);
  }

  /**
   * Adds to rows [outFrom, outTo) of out, for columns [lo, hi), the sum over the first {@code
   * depth} rows of in of C(outRow, inRow) in[inRow].
   */
  static void add(
      double[][] out,
      int outFrom,
      int outTo,
      Coefficients c,
      double[][] in,
      int depth,
      int lo,
      int hi) {
    double[] pair = new double[2 * DEPTH];
    for (int left = lo; left < hi; left += COLUMNS) {
      int right = Math.min(left + COLUMNS, hi);
      for (int from = 0; from < depth; from += DEPTH) {
        int to = Math.min(from + DEPTH, depth);
        for (int row = outFrom; row < outTo; row += 2) {
          boolean two = row + 1 < outTo;
          for (int k = from; k < to; k++) {
            pair[2 * (k - from)] = c.at(row, k);
            pair[2 * (k - from) + 1] = two ? c.at(row + 1, k) : 0;
          }
          if (two) {
            addToPair(out[row], out[row + 1], pair, in, from, to, left, right);
          } else {
            addToRow(out[row], pair, in, from, to, left, right);
          }
        }
      }
    }
  }

  private static void addToPair(
      double[] out0,
      double[] out1,
      double[] pair,
      double[][] in,
      int from,
      int to,
      int lo,
      int hi) {
    int k = from;
    for (; k + 4 <= to; k += 4) {
      addFour(out0, out1, in[k], in[k + 1], in[k + 2], in[k + 3], pair, 2 * (k - from), lo, hi);
    }
    for (; k < to; k++) {
      double[] row = in[k];
      Vectors.add(out0, pair[2 * (k - from)], row, lo, hi);
      Vectors.add(out1, pair[2 * (k - from) + 1], row, lo, hi);
    }
  }

  private static void addToRow(
      double[] out, double[] pair, double[][] in, int from, int to, int lo, int hi) {
    for (int k = from; k < to; k++) {
      Vectors.add(out, pair[2 * (k - from)], in[k], lo, hi);
    }
  }

  private static void addFour(
      double[] out0,
      double[] out1,
      double[] in0,
      double[] in1,
      double[] in2,
      double[] in3,
      double[] pair,
      int at,
      int lo,
      int hi) {
    double c00 = pair[at];
    double c01 = pair[at + 1];
    double c10 = pair[at + 2];
    double c11 = pair[at + 3];
    double c20 = pair[at + 4];
    double c21 = pair[at + 5];
    double c30 = pair[at + 6];
    double c31 = pair[at + 7];
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
