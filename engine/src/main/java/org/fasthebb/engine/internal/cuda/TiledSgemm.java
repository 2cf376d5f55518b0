package org.fasthebb.engine.internal.cuda;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/** Products by a kernel of our own, for machines that have a driver and no cuBLAS. */
final class TiledSgemm implements Sgemm {
  /** Rows and columns of a block's tile, as in {@code gemm.cu}. */
  private static final int TILE = 64;

  private static final int THREADS = 256;

  /** Blocks that keep a large device busy. */
  private static final int BLOCKS = 256;

  /** Fewest terms of a part of a long sum. */
  private static final int SHORTEST = 256;

  /** Most blocks in the third dimension of a grid. */
  private static final int MOST_BATCHES = 65535;

  private final Backend backend;
  private final Launch launch;

  TiledSgemm(Backend backend, Launch launch) {
    this.backend = backend;
    this.launch = launch;
  }

  @Override
  public void multiply(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      long a,
      int lda,
      long strideA,
      long b,
      int ldb,
      long strideB,
      boolean add,
      long c,
      int ldc,
      long strideC,
      int batch) {
    int rows = Math.ceilDiv(m, TILE);
    int columns = Math.ceilDiv(n, TILE);
    int parts = batch > 1 ? 1 : parts(rows, columns, k);
    if (parts == 1) {
      for (int from = 0; from < batch; from += MOST_BATCHES) {
        start(transA, transB, m, n, k, a + (long) Float.BYTES * from * strideA, lda, strideA);
        launch.value(b + (long) Float.BYTES * from * strideB).value(ldb).value(strideB).value(add);
        launch.value(c + (long) Float.BYTES * from * strideC).value(ldc).value(strideC).value(1);
        launch.grid(rows, columns, Math.min(MOST_BATCHES, batch - from), THREADS, 1);
      }
      return;
    }
    // Few tiles and a long sum, as in updates: parts of the sum side by side, then added in order.
    try (Scope _ = backend.scope()) {
      Tensor partial = backend.empty(parts, m, n);
      start(transA, transB, m, n, k, a, lda, 0);
      launch.value(b).value(ldb).value(0L).value(false);
      launch.at(partial).value(n).value((long) m * n).value(parts);
      launch.grid(rows, columns, parts, THREADS, 1);
      launch.kernel("sum_parts").at(partial).value(parts).value(add).value(c).value(ldc);
      launch.value(n).value(m * n).over(m * n);
    }
  }

  private void start(
      boolean transA, boolean transB, int m, int n, int k, long a, int lda, long strideA) {
    launch.kernel("sgemm").value(transA).value(transB).value(m).value(n).value(k);
    launch.value(a).value(lda).value(strideA);
  }

  private static int parts(int rows, int columns, int k) {
    long tiles = (long) rows * columns;
    return (int) Math.max(1, Math.min(BLOCKS / tiles, k / SHORTEST));
  }
}
