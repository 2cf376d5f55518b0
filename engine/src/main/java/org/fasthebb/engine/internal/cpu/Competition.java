package org.fasthebb.engine.internal.cpu;

import java.util.Arrays;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.kernels.KernelChoice;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.ThreadPool;
import org.fasthebb.engine.internal.strided.Sums;

/** The competition of soft-WTA in one fused pass over blocks of rows that stay in the L1 cache. */
final class Competition {
  /** Rows per task. */
  private static final int ROWS = 256;

  /** Rows of a block. Their sum is in single precision and is then added to a double. */
  private static final int BLOCK = 32;

  /**
   * The largest scale for which softmax need not subtract the largest value first: similarities are
   * at most 1, and e^64 is far from infinite.
   */
  private static final float LARGEST_SCALE = 64;

  private final ThreadPool pool;
  private final Kernels kernels = KernelChoice.kernels();

  /**
   * The passes over a block, in order. They are called through an array so that the JIT compiler
   * compiles each by itself. Inlined into one method, they would need too many registers.
   */
  private final FusedPass[] passes = {this::numerators, this::denominators, this::squares};

  private double[] partials = {};

  Competition(ThreadPool pool) {
    this.pool = pool;
  }

  private interface FusedPass {
    void run(Operands x, Buffers use, int from, int to);
  }

  /** Arrays and offsets of one call. */
  private record Operands(
      float[] y, int yo, float[] patchNorms, int po, float[] squares, int so, float scale, int n) {}

  /** See {@link org.fasthebb.engine.Device#compete}. */
  void run(Tensor y, Tensor patchNorms, Tensor neuronNorms, float scale, Tensor r2, Tensor sums) {
    int rows = y.size(0);
    int n = y.size(1);
    int tasks = Math.ceilDiv(rows, ROWS);
    if (partials.length < tasks * 2 * n) {
      partials = new double[tasks * 2 * n];
    }
    double[] partial = partials;
    Operands x =
        new Operands(
            y.storage().array(),
            y.layout().offset(),
            patchNorms.storage().array(),
            patchNorms.layout().offset(),
            r2.storage().array(),
            r2.layout().offset(),
            scale,
            n);
    float[] norms = neuronNorms.storage().array();
    int no = neuronNorms.layout().offset();
    pool.run(
        tasks,
        task -> {
          Buffers use = Buffers.of(n);
          for (int j = 0; j < n; j++) {
            use.inverse[j] = 1f / norms[no + j];
          }
          int at = task * 2 * n;
          Arrays.fill(partial, at, at + 2 * n, 0.0);
          int end = (int) Math.min(rows, (task + 1L) * ROWS);
          for (int from = task * ROWS; from < end; from += BLOCK) {
            for (FusedPass pass : passes) {
              pass.run(x, use, from, Math.min(end, from + BLOCK));
            }
            for (int j = 0; j < n; j++) {
              partial[at + j] += use.sum[j];
              partial[at + n + j] += use.sumOfSquares[j];
            }
          }
        });
    float[] out = sums.storage().array();
    int so = sums.layout().offset();
    pool.runAlone(2 * n, j -> out[so + j] += (float) Sums.of(partial, j, 2 * n, tasks));
  }

  /**
   * Computes the outputs in place, and the numerators of softmax where the squares will be; for a
   * large scale only the similarities.
   */
  private void numerators(Operands x, Buffers use, int from, int to) {
    int n = x.n;
    for (int row = from; row < to; row++) {
      float inverse = 1f / x.patchNorms[x.po + row];
      int y = x.yo + row * n;
      int e = x.so + row * n;
      if (x.scale <= LARGEST_SCALE) {
        kernels.numerators(x.y, y, use.inverse, 0, inverse, x.scale, x.squares, e, n);
      } else {
        kernels.similarity(x.y, y, use.inverse, 0, inverse, x.squares, e, n);
      }
    }
  }

  /** Computes the inverses of softmax's denominators. */
  private void denominators(Operands x, Buffers use, int from, int to) {
    int n = x.n;
    for (int row = from; row < to; row++) {
      int at = x.so + row * n;
      use.factors[row - from] =
          x.scale <= LARGEST_SCALE
              ? 1f / kernels.sum(x.squares, at, n)
              : kernels.exponentials(x.squares, at, x.scale, x.squares, at, n);
    }
  }

  /** Computes the squares of shares, and sums over the block. */
  private void squares(Operands x, Buffers use, int from, int to) {
    int n = x.n;
    Arrays.fill(use.sum, 0, n, 0f);
    Arrays.fill(use.sumOfSquares, 0, n, 0f);
    for (int row = from; row < to; row++) {
      float factor = use.factors[row - from];
      kernels.squares(x.squares, x.so + row * n, factor, use.sum, use.sumOfSquares, 0, n);
    }
  }

  /** The buffers of one thread for a block. */
  private static final class Buffers {
    private static final ThreadLocal<Buffers> LOCAL = ThreadLocal.withInitial(Buffers::new);
    private final float[] factors = new float[BLOCK];
    private float[] inverse = {};
    private float[] sum = {};
    private float[] sumOfSquares = {};

    static Buffers of(int n) {
      Buffers buffers = LOCAL.get();
      if (buffers.sum.length < n) {
        buffers.inverse = new float[n];
        buffers.sum = new float[n];
        buffers.sumOfSquares = new float[n];
      }
      return buffers;
    }
  }
}
