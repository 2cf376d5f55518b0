package org.fasthebb.engine.internal.cuda.gemm;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.kernels.Launch;

/** Products by a kernel of our own, for machines that have a driver and no cuBLAS. */
final class TiledSgemm implements Sgemm {
  /** Rows and columns of a block's tile, as in {@code gemm.cu}. */
  private static final int TILE = 64;

  private static final int THREADS = 256;

  /** Blocks that keep a large device busy. */
  private static final int BLOCKS = 256;

  /** Fewest terms of a part of a long sum. */
  private static final int SHORTEST = 256;

  /** Most columns of one launch: a grid has at most 65535 blocks in its second dimension. */
  private static final int MOST_COLUMNS = 65535 * TILE;

  private final Backend backend;
  private final Launch launch;

  TiledSgemm(Backend backend, Launch launch) {
    this.backend = backend;
    this.launch = launch;
  }

  @Override
  public void multiply(Product p) {
    int rows = Math.ceilDiv(p.m(), TILE);
    int columns = Math.ceilDiv(p.n(), TILE);
    int parts = p.batch() > 1 ? 1 : parts(rows, columns, p.k());
    if (parts == 1) {
      for (int from = 0; from < p.n(); from += MOST_COLUMNS) {
        int n = Math.min(MOST_COLUMNS, p.n() - from);
        start(p, n, p.b().fromColumn(from), p.add());
        operand(p.c().fromColumn(from)).value(1);
        launch.grid(rows, Math.ceilDiv(n, TILE), p.batch(), THREADS, 1);
      }
      return;
    }
    // Few tiles and a long sum, as in updates: parts of the sum are computed in parallel, then
    // added in order.
    int size = p.m() * p.n();
    try (Scope _ = backend.scope()) {
      Tensor partial = backend.empty(parts, p.m(), p.n());
      start(p, p.n(), p.b(), false);
      launch.at(partial).value(p.n()).value((long) size).value(parts);
      launch.grid(rows, columns, parts, THREADS, 1);
      launch.kernel("sum_parts").at(partial).value(parts).value(p.add());
      launch.value(p.c().address()).value(p.c().ld()).value(p.n()).value(size).over(size);
    }
  }

  private void start(Product p, int n, Matrices b, boolean add) {
    launch.kernel("sgemm").value(p.a().transposed()).value(b.transposed());
    launch.value(p.m()).value(n).value(p.k());
    operand(p.a());
    operand(b).value(add);
  }

  private Launch operand(Matrices x) {
    return launch.value(x.address()).value(x.ld()).value(x.stride());
  }

  private static int parts(int rows, int columns, int k) {
    long tiles = (long) rows * columns;
    return (int) Math.max(1, Math.min(BLOCKS / tiles, k / SHORTEST));
  }
}
