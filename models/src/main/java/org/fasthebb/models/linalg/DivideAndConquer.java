package org.fasthebb.models.linalg;

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer (Cuppen).
 *
 * <p>The matrix is cut into small blocks by rank-one changes; the blocks are diagonalised and pairs
 * of blocks merged until one is left.
 */
final class DivideAndConquer {
  private static final int LEAF = 32;

  /**
   * Merges of at least this size run one by one, each on all threads; smaller ones run in parallel.
   */
  private static final int LARGE = 512;

  private DivideAndConquer() {}

  /**
   * Diagonalises a matrix.
   *
   * @param d diagonal, replaced by the eigenvalues in ascending order
   * @param e element i couples i and i + 1; destroyed
   * @return an eigenvector per row
   */
  static double[][] solve(double[] d, double[] e, Parallel parallel) {
    int n = d.length;
    double[][] rows = new double[n][n];
    for (int i = 0; i < n; i++) {
      rows[i][i] = 1;
    }
    int leaves = 1;
    while (leaves * LEAF < n) {
      leaves *= 2;
    }
    int[] bounds = new int[leaves + 1];
    double[] coupling = e.clone();
    for (int b = 1; b <= leaves; b++) {
      bounds[b] = (int) ((long) b * n / leaves);
      if (b < leaves) {
        double cut = Math.abs(e[bounds[b] - 1]);
        d[bounds[b] - 1] -= cut;
        d[bounds[b]] -= cut;
        e[bounds[b] - 1] = 0;
      }
    }
    parallel.run(leaves, b -> TridiagonalQl.solve(d, e, rows, bounds[b], bounds[b + 1]));
    double[][] spare = leaves == 1 ? rows : new double[n][n];
    for (int width = 1; width < leaves; width *= 2) {
      int step = width;
      int merges = leaves / (2 * width);
      boolean inside = n / merges >= LARGE;
      (inside ? Parallel.SERIAL : parallel)
          .run(
              merges,
              m -> {
                int low = bounds[2 * m * step];
                int middle = bounds[(2 * m + 1) * step];
                int high = bounds[(2 * m + 2) * step];
                new Merge(d, rows, spare, low, middle, high)
                    .run(coupling[middle - 1], inside ? parallel : Parallel.SERIAL);
              });
    }
    return rows;
  }
}
