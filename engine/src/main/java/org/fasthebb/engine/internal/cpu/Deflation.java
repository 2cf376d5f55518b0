package org.fasthebb.engine.internal.cpu;

import org.fasthebb.engine.Op;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.gemm.Matrix;
import org.fasthebb.engine.internal.gemm.Packing;
import org.fasthebb.engine.internal.kernels.KernelChoice;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.Scratch;
import org.fasthebb.engine.internal.runtime.ThreadPool;
import org.fasthebb.engine.internal.runtime.Workspace;
import org.fasthebb.engine.internal.strided.AxisGroup;
import org.fasthebb.engine.internal.strided.Divisors;

/**
 * The residual form of HPCA in one pass. Columns of x do not depend on each other, so each task
 * takes a slice of columns through all blocks of neurons. Its slice of the residual stays in its
 * cache, and tasks never wait for each other.
 */
final class Deflation {
  /** Most elements of a task's slice of the residual, which should stay in the L2 cache. */
  private static final int SLICE = 1 << 16;

  /**
   * Fewest slices for each thread. Wide slices are better, since rows of weights are read from
   * memory. Their width may depend on the number of threads without a change of bits, since columns
   * do not depend on each other.
   */
  private static final int SLICES = 2;

  /** Slots of {@link Scratch}. */
  private static final int RESIDUAL = 0;

  private static final int WEIGHTS = 1;
  private static final int COLUMNS = 2;
  private static final int TILE = 3;
  private static final int NEURONS = 0;

  private final ThreadPool pool;
  private final Workspace<float[]> workspace;
  private final Kernels kernels = KernelChoice.kernels();
  private final Packing packing = new Packing(kernels);
  private final int mr = kernels.mr();
  private final int nr = kernels.nr();

  Deflation(ThreadPool pool, Workspace<float[]> workspace) {
    this.pool = pool;
    this.workspace = workspace;
  }

  /** See {@link org.fasthebb.engine.Device#deflate}. */
  void run(Tensor y, Tensor x, Tensor w, int block, float scale, Tensor target) {
    if (x.size(0) > 0 && w.size() > 0) {
      new Sweep(y, x, w.contiguous(), block, scale, target).run();
    }
  }

  /** The state of one call. All tasks read the blocks of y, packed, and their Gram matrices. */
  private final class Sweep {
    private final Matrix y;
    private final AxisGroup rowsOfY;
    private final AxisGroup neuronsOfY;
    private final Matrix x;
    private final AxisGroup rowsOfX;
    private final AxisGroup columnsOfX;
    private final Matrix w;
    private final Matrix target;
    private final float scale;
    private final int rows;
    private final int rowStrips;
    private final int n;
    private final int s;
    private final int block;
    private final int blocks;

    /** Neurons of a block, padded to whole register tiles. */
    private final int padded;

    /** Columns of a slice. */
    private final int width;

    /** Scaled Y_I, stored by block and strip, with the neurons of a strip next to each other. */
    private final float[] outputs;

    /** -Y_I, stored by block and strip, with the rows of a strip next to each other. */
    private final float[] minusOutputs;

    /**
     * Scaled -tril(Y_I^T Y_I), stored by block and strip, with the neurons of a strip next to each
     * other.
     */
    private final float[] minusGrams;

    Sweep(Tensor y, Tensor x, Tensor w, int block, float scale, Tensor target) {
      this.y = Matrix.of(y);
      rowsOfY = AxisGroup.of(y.layout().axis(0));
      neuronsOfY = AxisGroup.of(y.layout().axis(1));
      this.x = Matrix.of(x);
      rowsOfX = AxisGroup.of(x.layout().axis(0));
      columnsOfX = AxisGroup.of(x.layout().axis(1));
      this.w = Matrix.of(w);
      this.target = Matrix.of(target);
      this.scale = scale;
      rows = x.size(0);
      rowStrips = Math.ceilDiv(rows, mr);
      n = w.size(0);
      s = w.size(1);
      this.block = Math.min(block, n);
      blocks = Math.ceilDiv(n, this.block);
      padded = Math.ceilDiv(this.block, mr) * mr;
      int panels = Math.ceilDiv(s, nr);
      int most = Math.max(1, SLICE / (rows * nr));
      width =
          Math.ceilDiv(panels, Math.max(SLICES * pool.threads(), Math.ceilDiv(panels, most))) * nr;
      outputs = workspace.take(blocks * padded * rows);
      minusOutputs = workspace.take(blocks * rowStrips * mr * this.block);
      minusGrams = workspace.take(blocks * padded * this.block);
    }

    void run() {
      pool.run(blocks, this::prepare);
      int slices = Math.ceilDiv(s, width);
      int stride = apart(slices);
      pool.run(slices, task -> deflate((int) ((long) task * stride % slices)));
      workspace.give(outputs);
      workspace.give(minusOutputs);
      workspace.give(minusGrams);
    }

    private int sizeOf(int i) {
      return Math.min(block, n - i * block);
    }

    private void prepare(int i) {
      Scratch use = Scratch.get();
      int count = sizeOf(i);
      int first = i * block;
      float[] columns = use.floats(COLUMNS, Math.ceilDiv(count, nr) * nr * rows);
      int at = i * padded * rows;
      int minus = i * rowStrips * mr * block;
      packing.pack(
          y.array(), y.offset(), neuronsOfY, rowsOfY, 0, first, count, nr, 0, rows, columns, 0);
      packing.pack(
          y.array(), y.offset(), neuronsOfY, rowsOfY, 0, first, count, mr, 0, rows, outputs, at);
      packing.pack(
          y.array(),
          y.offset(),
          rowsOfY,
          neuronsOfY,
          0,
          0,
          rows,
          mr,
          first,
          count,
          minusOutputs,
          minus);
      int size = Math.ceilDiv(count, mr) * mr * rows;
      kernels.map(Op.Unary.SCALE, outputs, at, scale, outputs, at, size);
      size = rowStrips * mr * count;
      kernels.map(Op.Unary.SCALE, minusOutputs, minus, -1, minusOutputs, minus, size);
      for (int strip = 0; strip * mr < count; strip++) {
        int end = Math.min(count, (strip + 1) * mr);
        for (int column = 0; column < end; column += nr) {
          float[] tile = use.zeros(TILE, mr * nr);
          kernels.tile(
              rows, outputs, at + strip * mr * rows, mr, columns, column * rows, nr, tile, 0, nr);
          for (int m = column; m < Math.min(end, column + nr); m++) {
            int to = i * padded * block + (strip * block + m) * mr;
            for (int k = 0; k < mr; k++) {
              minusGrams[to + k] = m <= strip * mr + k ? -tile[k * nr + m - column] : 0f;
            }
          }
        }
      }
    }

    /** Takes a slice of x through all neurons. */
    private void deflate(int slice) {
      Scratch use = Scratch.get();
      int column = slice * width;
      int columns = Math.min(width, s - column);
      int panel = rowStrips * mr * nr; // of the residual, padded to whole register tiles
      float[] residual = use.floats(RESIDUAL, width / nr * panel);
      float[] weights = use.zeros(WEIGHTS, block * nr);
      int[] neurons = use.ints(NEURONS, block);
      for (int k = 0; k < block; k++) {
        neurons[k] = k * s;
      }
      for (int j = 0; j < columns; j += nr) {
        int from = column + j;
        int valid = Math.min(nr, columns - j);
        int to = j / nr * panel;
        packing.pack(
            x.array(), x.offset(), columnsOfX, rowsOfX, 0, from, valid, nr, 0, rows, residual, to);
      }
      for (int i = 0; i < blocks; i++) {
        int count = sizeOf(i);
        int first = i * block * s + column;
        for (int j = 0; j < columns; j += nr) {
          int valid = Math.min(nr, columns - j);
          int ro = j / nr * panel;
          // A copy, since target may be w. Values beyond the last column are ignored.
          kernels.copyRows(
              w.array(), w.offset() + first + j, neurons, count, valid, weights, 0, nr);
          for (int strip = 0; strip * mr < count; strip++) {
            int height = Math.min(mr, count - strip * mr);
            boolean whole = height == mr && valid == nr;
            int at = target.offset() + first + strip * mr * s + j;
            float[] into = whole ? target.array() : use.zeros(TILE, mr * nr);
            int to = whole ? at : 0;
            int step = whole ? s : nr;
            if (!whole) {
              copyRows(target.array(), at, s, into, 0, nr, height, valid);
            }
            int a = i * padded + strip * mr;
            int depth = strip * mr + height; // what is above the diagonal is zero
            kernels.tile(rows, outputs, a * rows, mr, residual, ro, nr, into, to, step);
            kernels.tile(depth, minusGrams, a * block, mr, weights, 0, nr, into, to, step);
            if (!whole) {
              copyRows(into, 0, nr, target.array(), at, s, height, valid);
            }
          }
          if (i < blocks - 1) {
            subtract(i, count, weights, residual, ro);
          }
        }
      }
    }

    /** X' = X' - Y_I W_I in one panel of X'. Rows beyond the last one are ignored. */
    private void subtract(int i, int count, float[] weights, float[] residual, int ro) {
      for (int strip = 0; strip < rowStrips; strip++) {
        int a = (i * rowStrips * block + strip * count) * mr;
        int at = ro + strip * mr * nr;
        kernels.tile(count, minusOutputs, a, mr, weights, 0, nr, residual, at, nr);
      }
    }
  }

  /** Copies the valid part of a tile: at an edge it is computed apart. */
  private static void copyRows(
      float[] from, int at, int step, float[] to, int into, int apart, int rows, int count) {
    for (int k = 0; k < rows; k++) {
      System.arraycopy(from, at + k * step, to, into + k * apart, count);
    }
  }

  /**
   * A step that visits each of the numbered slices once, and neighbouring slices at different
   * times. Otherwise a processor that writes one slice would prefetch lines of the next slice from
   * the processor that writes that.
   */
  private static int apart(int slices) {
    int step = (int) (0.618 * slices);
    while (Divisors.greatestCommon(step, slices) > 1) {
      step++;
    }
    return step;
  }
}
