package org.fasthebb.engine.internal;

import java.util.Arrays;
import org.fasthebb.engine.Tensor;

/** The competition of soft-WTA, fused: every row is read once and stays in the L1 cache. */
final class Competition {
  /** Rows per task. */
  private static final int ROWS = 256;

  /** Rows added in single precision before they go into a double. */
  private static final int SHORT_SUM = 32;

  private static final ThreadLocal<float[][]> BUFFERS =
      ThreadLocal.withInitial(() -> new float[3][0]);

  private final ThreadPool pool;
  private final Kernels kernels = KernelChoice.kernels();
  private double[] partials = {};

  Competition(ThreadPool pool) {
    this.pool = pool;
  }

  /** See {@link org.fasthebb.engine.Backend#compete}. */
  void run(Tensor y, Tensor patchNorms, Tensor neuronNorms, float scale, Tensor r2, Tensor sums) {
    int rows = y.size(0);
    int n = y.size(1);
    int tasks = (rows + ROWS - 1) / ROWS;
    if (partials.length < tasks * 2 * n) {
      partials = new double[tasks * 2 * n];
    }
    double[] partial = partials;
    float[] ys = y.storage().array();
    float[] xNorms = patchNorms.storage().array();
    float[] wNorms = neuronNorms.storage().array();
    float[] squares = r2.storage().array();
    int yo = y.layout().offset();
    int xo = patchNorms.layout().offset();
    int wo = neuronNorms.layout().offset();
    int ro = r2.layout().offset();
    pool.run(
        tasks,
        task -> {
          float[][] buffers = BUFFERS.get();
          float[] inverse = buffers[0] = sized(buffers[0], n);
          float[] sum = buffers[1] = sized(buffers[1], n);
          float[] sumOfSquares = buffers[2] = sized(buffers[2], n);
          int at = task * 2 * n;
          Arrays.fill(partial, at, at + 2 * n, 0.0);
          for (int j = 0; j < n; j++) {
            inverse[j] = 1f / wNorms[wo + j];
          }
          int end = Math.min(rows, (task + 1) * ROWS);
          for (int from = task * ROWS; from < end; from += SHORT_SUM) {
            Arrays.fill(sum, 0, n, 0f);
            Arrays.fill(sumOfSquares, 0, n, 0f);
            for (int row = from; row < Math.min(end, from + SHORT_SUM); row++) {
              int to = ro + row * n;
              kernels.similarity(ys, yo + row * n, inverse, 1f / xNorms[xo + row], squares, to, n);
              float max = kernels.max(squares, to, n);
              kernels.exp(squares, to, scale, -scale * max, squares, to, n);
              float share = 1f / kernels.sum(squares, to, n);
              kernels.squares(squares, to, share, sum, sumOfSquares, n);
            }
            for (int j = 0; j < n; j++) {
              partial[at + j] += sum[j];
              partial[at + n + j] += sumOfSquares[j];
            }
          }
        });
    float[] out = sums.storage().array();
    int so = sums.layout().offset();
    for (int j = 0; j < 2 * n; j++) {
      double sum = 0;
      for (int task = 0; task < tasks; task++) {
        sum += partial[task * 2 * n + j];
      }
      out[so + j] += (float) sum;
    }
  }

  private static float[] sized(float[] buffer, int size) {
    return buffer.length >= size ? buffer : new float[size];
  }
}
