package org.fasthebb.models.linalg;

import java.util.Arrays;

/**
 * Turns eigenvectors of the tridiagonal matrix into those of the original one, u = Q x.
 *
 * <p>A block of reflections is one product with I - V S V^T (compact WY form, S lower triangular),
 * so most of the work is matrix products.
 */
final class BackTransformation {
  private static final int BLOCK = 128;

  /** Vectors per task. */
  private static final int BAND = 64;

  private BackTransformation() {}

  /** Replaces every row x of the matrix by Q x. */
  static void apply(Tridiagonal t, double[][] rows, Parallel parallel) {
    int n = rows.length;
    for (int from = 1; from < n; from += BLOCK) {
      int to = Math.min(from + BLOCK, n);
      double[][] v = Arrays.copyOfRange(t.reflectors(), from, to);
      double[][] negative =
          negativeProduct(v, triangle(v, t.tau(), from, parallel), to - 1, parallel);
      int size = v.length;
      parallel.run(
          (n + BAND - 1) / BAND,
          task -> {
            int low = task * BAND;
            int high = Math.min(low + BAND, n);
            double[][] x = Arrays.copyOfRange(rows, low, high);
            double[][] y = new double[x.length][size];
            RowProduct.add(y, 0, x.length, x, negative, negative.length, 0, size);
            RowProduct.add(x, 0, x.length, y, v, size, 0, negative.length);
          });
    }
  }

  /**
   * The factor S: row j is -tau(j) (v(j)^T V) S over the rows above, and tau(j) on the diagonal.
   */
  private static double[][] triangle(double[][] v, double[] tau, int from, Parallel parallel) {
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
        Vectors.add(s[j], -tau[from + j] * gram[j][r], s[r], 0, r + 1);
      }
      s[j][j] = tau[from + j];
    }
    return s;
  }

  /**
   * The matrix -V S^T with a row per coordinate, where the rows of v are the columns of V, zero
   * beyond the given length.
   */
  private static double[][] negativeProduct(
      double[][] v, double[][] s, int length, Parallel parallel) {
    int size = v.length;
    double[][] product = new double[size][length];
    int bands = (size + 15) / 16;
    parallel.run(
        bands,
        b -> {
          int high = Math.min(16 * b + 16, size);
          double[][] c = Arrays.copyOfRange(s, 16 * b, high);
          RowProduct.add(product, 16 * b, high, c, v, size, 0, length);
        });
    double[][] transposed = new double[length][size];
    parallel.run(
        (length + BAND - 1) / BAND,
        task -> {
          int high = Math.min(task * BAND + BAND, length);
          for (int r = 0; r < size; r++) {
            for (int i = task * BAND; i < high; i++) {
              transposed[i][r] = -product[r][i];
            }
          }
        });
    return transposed;
  }
}
