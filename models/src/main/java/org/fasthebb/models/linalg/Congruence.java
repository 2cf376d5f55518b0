package org.fasthebb.models.linalg;

import java.util.Arrays;

/**
 * Q F Q<sup>T</sup>, for the reflections Q of a reduction to three diagonals and a sum F of
 * inverses of tridiagonal matrices.
 *
 * <p>Reflections that change the first coordinates come first. So the block that they have changed
 * grows from the upper left corner; what lies beside it is of low rank, and stays in factors U V
 * until the block gets there. Of F's n<sup>2</sup> elements each is thus multiplied only by
 * reflections that come after it: 4/3 n<sup>3</sup> multiplications and additions. A block of
 * reflections is I - V S V<sup>T</sup> (compact WY form, S lower triangular), so that almost all
 * work is matrix products.
 */
final class Congruence {
  /** Reflections per block. */
  private static final int BLOCK = 128;

  /** Columns per task, as many as RowProduct takes at a time. */
  private static final int BAND = RowProduct.COLUMNS;

  private final Tridiagonal t;
  private final TridiagonalInverses inverses;
  private final Parallel parallel;
  private final double[][] result;
  private final double[][] left;
  private final double[][] right;

  private Congruence(Tridiagonal t, TridiagonalInverses inverses, Parallel parallel) {
    this.t = t;
    this.inverses = inverses;
    this.parallel = parallel;
    int n = t.diagonal().length;
    result = new double[n][n];
    left = new double[inverses.terms()][n];
    right = new double[inverses.terms()][n];
  }

  /** The rows of Q F Q<sup>T</sup>. */
  static double[][] apply(Tridiagonal t, TridiagonalInverses inverses, Parallel parallel) {
    var congruence = new Congruence(t, inverses, parallel);
    int n = t.diagonal().length;
    int size = 0;
    for (int from = 1; from < n; from += BLOCK) {
      int to = Math.min(from + BLOCK, n);
      congruence.grow(size, to - 1);
      congruence.reflect(from, to);
      size = to - 1;
    }
    congruence.grow(size, n);
    return congruence.result;
  }

  /** Grows the block from one size to the next, by elements of U V and of F. */
  private void grow(int from, int to) {
    inverses.right(right, from, to);
    tasks(
        from,
        (low, high) -> {
          double[][] u = new double[high - low][left.length];
          for (int k = 0; k < left.length; k++) {
            for (int i = low; i < high; i++) {
              u[i - low][k] = left[k][i];
            }
          }
          RowProduct.add(result, low, high, u, right, right.length, from, to);
          for (int j = from; j < to; j++) {
            for (int i = low; i < high; i++) {
              result[j][i] = result[i][j];
            }
          }
        });
    inverses.block(result, from, to);
    inverses.left(left, from, to);
  }

  /** Applies reflections [from, to) to both sides of the block, and to U. */
  private void reflect(int from, int to) {
    int length = to - 1;
    double[][] v = Arrays.copyOfRange(t.reflectors(), from, to);
    double[][] sv = new double[v.length][length];
    double[][] s = triangle(v, from);
    tasks(length, (low, high) -> RowProduct.add(sv, 0, sv.length, s, v, v.length, low, high));

    // With the block C and X = C V S^T it becomes C - V Y^T - Y V^T, Y = X - 1/2 V (S V^T X).
    double[][] y = new double[v.length][length];
    tasks(length, (low, high) -> RowProduct.add(y, 0, y.length, sv, result, length, low, high));
    double[][] half = new double[v.length][v.length];
    parallel.run(
        v.length,
        r -> {
          for (int q = 0; q <= r; q++) {
            half[r][q] = -0.5 * Vectors.dot(sv[r], y[q], length);
          }
        });
    mirror(half, 0, half.length, half.length);
    tasks(length, (low, high) -> RowProduct.add(y, 0, y.length, half, v, v.length, low, high));
    Tridiagonal.update(result, length, v, y, v.length, parallel);
    tasks(length, (low, high) -> mirror(result, low, high, length));

    parallel.run(
        left.length,
        k -> {
          double[] products = new double[v.length];
          for (int r = 0; r < v.length; r++) {
            products[r] = -Vectors.dot(sv[r], left[k], length);
          }
          for (int r = 0; r < v.length; r++) {
            Vectors.add(left[k], products[r], v[r], 0, length);
          }
        });
  }

  /**
   * The factor S: row j is -tau(j) (v(j)^T V) S over the rows above, and tau(j) on the diagonal.
   */
  private double[][] triangle(double[][] v, int from) {
    int size = v.length;
    double[][] gram = new double[size][size];
    parallel.run(
        size,
        j -> {
          for (int r = 0; r < j; r++) {
            gram[j][r] = Vectors.dot(v[j], v[r], from + r);
          }
        });
    double[][] s = new double[size][size];
    for (int j = 0; j < size; j++) {
      for (int r = 0; r < j; r++) {
        Vectors.add(s[j], -t.tau()[from + j] * gram[j][r], s[r], 0, r + 1);
      }
      s[j][j] = t.tau()[from + j];
    }
    return s;
  }

  /** Copies columns [low, high) of the lower triangle to the upper one. */
  private static void mirror(double[][] a, int low, int high, int size) {
    for (int i = low; i < size; i++) {
      for (int j = low; j < Math.min(i, high); j++) {
        a[j][i] = a[i][j];
      }
    }
  }

  private interface Columns {
    void run(int low, int high);
  }

  private void tasks(int size, Columns body) {
    parallel.run(
        (size + BAND - 1) / BAND,
        task -> body.run(task * BAND, Math.min(size, task * BAND + BAND)));
  }
}
