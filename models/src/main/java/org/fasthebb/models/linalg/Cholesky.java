package org.fasthebb.models.linalg;

import java.util.Locale;

/**
 * The Cholesky factor L of a symmetric positive definite matrix, A = L L<sup>T</sup>, which solves
 * systems of equations with A.
 *
 * <p>The factor is computed block column by block column: the block on the diagonal, the rows below
 * it, and then what both take away from the rest of the matrix, which is most of the work.
 *
 * @param rows of L; row i has at least i + 1 elements, and those beyond the diagonal mean nothing
 */
public record Cholesky(double[][] rows) {
  /** Columns per block: fewer read the matrix more often, more leave less to the fast product. */
  private static final int BLOCK = 64;

  /** Rows per task of the update. */
  private static final int BAND = 64;

  /** Right-hand sides per task. */
  private static final int COLUMNS = 128;

  /**
   * Factors A + shift I in n<sup>3</sup> / 3 multiply-adds.
   *
   * @param a n x n matrix, row-major, of which only the lower triangle is read
   * @param n at least 0
   * @param shift added to the diagonal
   * @param parallel runs the parallel parts
   * @throws IllegalArgumentException if the length of a is not n<sup>2</sup>
   * @throws ArithmeticException if A + shift I is not positive definite, up to rounding
   */
  public static Cholesky of(double[] a, int n, double shift, Parallel parallel) {
    if (n < 0 || a.length != (long) n * n) {
      throw new IllegalArgumentException(
          "A symmetric %s x %s matrix needs %s elements but the array has %s; pass the whole matrix."
              .formatted(n, n, (long) n * n, a.length));
    }
    double[][] l = new double[n][];
    for (int i = 0; i < n; i++) {
      // The update of a band of rows writes up to the end of its last row.
      l[i] = new double[Math.min(n, i + BAND)];
      System.arraycopy(a, i * n, l[i], 0, i + 1);
      l[i][i] += shift;
    }
    for (int from = 0; from < n; from += BLOCK) {
      int to = Math.min(from + BLOCK, n);
      factorBlock(l, from, to);
      int rest = to;
      int start = from;
      parallel.run(
          bands(n - rest),
          band -> {
            int last = Math.min(rest + (band + 1) * BAND, n);
            for (int i = rest + band * BAND; i < last; i++) {
              solveRow(l, i, start, rest);
            }
          });
      update(l, from, to, parallel);
    }
    return new Cholesky(l);
  }

  private static int bands(int rows) {
    return (rows + BAND - 1) / BAND;
  }

  private static void factorBlock(double[][] l, int from, int to) {
    for (int i = from; i < to; i++) {
      solveRow(l, i, from, i);
      double pivot = l[i][i];
      for (int k = from; k < i; k++) {
        pivot = Math.fma(-l[i][k], l[i][k], pivot);
      }
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        throw new ArithmeticException(
            String.format(
                Locale.ROOT,
                "The matrix is not positive definite: pivot %d of its Cholesky factor is %s; add"
                    + " more to its diagonal.",
                i,
                pivot));
      }
      l[i][i] = Math.sqrt(pivot);
    }
  }

  /** Sets columns [from, to) of row i, given those of the rows above it. */
  private static void solveRow(double[][] l, int i, int from, int to) {
    double[] row = l[i];
    for (int j = from; j < to; j++) {
      double sum = row[j];
      double[] other = l[j];
      for (int k = from; k < j; k++) {
        sum = Math.fma(-row[k], other[k], sum);
      }
      row[j] = sum / other[j];
    }
  }

  /** Subtracts what columns [from, to) contribute to the rest of the matrix. */
  private static void update(double[][] l, int from, int to, Parallel parallel) {
    int n = l.length;
    int depth = to - from;
    double[][] in = new double[depth][n];
    for (int j = to; j < n; j++) {
      for (int k = 0; k < depth; k++) {
        in[k][j] = -l[j][from + k];
      }
    }
    int bands = bands(n - to);
    parallel.run(
        bands,
        task -> {
          int first = to + (bands - 1 - task) * BAND; // the longest rows first
          int last = Math.min(first + BAND, n);
          double[][] c = new double[last - first][depth];
          for (int i = first; i < last; i++) {
            System.arraycopy(l[i], from, c[i - first], 0, depth);
          }
          // This writes slightly beyond the diagonal, where nothing is read.
          RowProduct.add(l, first, last, c, in, depth, to, last);
        });
  }

  /**
   * Replaces B by A<sup>-1</sup> B.
   *
   * @param b n rows of equal length
   */
  public void solve(double[][] b, Parallel parallel) {
    inColumns(
        b,
        parallel,
        (lo, hi) -> {
          forward(b, lo, hi);
          backward(b, lo, hi);
        });
  }

  /**
   * Replaces B by L<sup>-1</sup> B, whose columns b have the squared lengths b<sup>T</sup>
   * A<sup>-1</sup> b.
   *
   * @param b n rows of equal length
   */
  public void solveLower(double[][] b, Parallel parallel) {
    inColumns(b, parallel, (lo, hi) -> forward(b, lo, hi));
  }

  private interface ColumnWork {
    void solve(int lo, int hi);
  }

  private void inColumns(double[][] b, Parallel parallel, ColumnWork part) {
    if (b.length != rows.length) {
      throw new IllegalArgumentException(
          "The right-hand side has %s rows, but the matrix has %s; they must be as many."
              .formatted(b.length, rows.length));
    }
    int columns = b.length == 0 ? 0 : b[0].length;
    parallel.run(
        (columns + COLUMNS - 1) / COLUMNS,
        task -> part.solve(task * COLUMNS, Math.min((task + 1) * COLUMNS, columns)));
  }

  private void forward(double[][] b, int lo, int hi) {
    int n = rows.length;
    for (int from = 0; from < n; from += BLOCK) {
      int to = Math.min(from + BLOCK, n);
      double[][] c = new double[to - from][from];
      for (int i = from; i < to; i++) {
        for (int k = 0; k < from; k++) {
          c[i - from][k] = -rows[i][k];
        }
      }
      RowProduct.add(b, from, to, c, b, from, lo, hi);
      for (int i = from; i < to; i++) {
        for (int k = from; k < i; k++) {
          Vectors.add(b[i], -rows[i][k], b[k], lo, hi);
        }
        divide(b[i], rows[i][i], lo, hi);
      }
    }
  }

  private void backward(double[][] b, int lo, int hi) {
    int n = rows.length;
    for (int from = (n - 1) / BLOCK * BLOCK; from >= 0 && n > 0; from -= BLOCK) {
      int to = Math.min(from + BLOCK, n);
      for (int i = to - 1; i >= from; i--) {
        for (int k = i + 1; k < to; k++) {
          Vectors.add(b[i], -rows[k][i], b[k], lo, hi);
        }
        divide(b[i], rows[i][i], lo, hi);
      }
      double[][] c = new double[from][to - from];
      double[][] in = new double[to - from][];
      for (int k = from; k < to; k++) {
        in[k - from] = b[k];
        for (int i = 0; i < from; i++) {
          c[i][k - from] = -rows[k][i];
        }
      }
      RowProduct.add(b, 0, from, c, in, to - from, lo, hi);
    }
  }

  private static void divide(double[] row, double by, int lo, int hi) {
    for (int j = lo; j < hi; j++) {
      row[j] /= by;
    }
  }
}
