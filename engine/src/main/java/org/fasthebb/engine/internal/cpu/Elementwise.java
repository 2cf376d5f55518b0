package org.fasthebb.engine.internal.cpu;

import java.util.Arrays;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.kernels.KernelChoice;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.ThreadPool;
import org.fasthebb.engine.internal.strided.Loops;

/**
 * Element-wise maps over strided operands. {@link Kernels} run over contiguous memory; operands
 * that are stretched or not contiguous are copied through a small buffer.
 */
final class Elementwise {
  /** Elements in a buffer: three buffers stay in the L1 cache. */
  private static final int CHUNK = 1024;

  /** Elements per task; fewer would not pay for waking a thread. */
  private static final int TASK = 16 * CHUNK;

  private static final ThreadLocal<float[][]> BUFFERS =
      ThreadLocal.withInitial(() -> new float[3][CHUNK]);

  private final ThreadPool pool;
  private final Kernels kernels = KernelChoice.kernels();

  Elementwise(ThreadPool pool) {
    this.pool = pool;
  }

  private interface Piece {
    /**
     * Computes {@code count} elements, at most CHUNK, of the output from those of a and b, each
     * from its given offset on.
     */
    void run(int a, int b, int out, int count);
  }

  /** Calls {@code piece} for all elements. With two operands, the first one is both a and b. */
  private void forEachPiece(Loops loops, Piece piece) {
    int inner = loops.inner();
    int rows = loops.rows();
    if (inner == 0 || rows == 0) {
      return;
    }
    int innerTasks = Math.ceilDiv(inner, TASK);
    int rowsPerTask = Math.max(1, TASK / inner);
    int rowTasks = Math.ceilDiv(rows, rowsPerTask);
    pool.run(
        rowTasks * innerTasks,
        task -> {
          int firstRow = task / innerTasks * rowsPerTask;
          int lastRow = firstRow + Math.min(rowsPerTask, rows - firstRow);
          int begin = task % innerTasks * TASK;
          int end = begin + Math.min(TASK, inner - begin);
          for (int row = firstRow; row < lastRow; ) {
            row = forEachPiece(loops, piece, row, lastRow, begin, end);
          }
        });
  }

  /**
   * Calls {@code piece} for rows at equal distances, whose starts need no division, and returns the
   * next row.
   */
  private static int forEachPiece(Loops loops, Piece piece, int row, int last, int from, int end) {
    int out = loops.operands() - 1;
    int aStart = loops.start(0, row);
    int bStart = loops.start(out - 1, row);
    int start = loops.start(out, row);
    int rows = Math.min(last - row, loops.evenRows(row));
    for (int i = 0; i < rows; i++) {
      int a = aStart + i * loops.rowStride(0);
      int b = bStart + i * loops.rowStride(out - 1);
      int o = start + i * loops.rowStride(out);
      for (int j = from, count; j < end; j += count) {
        count = Math.min(CHUNK, end - j);
        piece.run(
            a + j * loops.stride(0),
            b + j * loops.stride(out - 1),
            o + j * loops.stride(out),
            count);
      }
    }
    return row + rows;
  }

  /** Sets the first {@code size} values to zero. */
  void zero(float[] array, int size) {
    pool.run(
        Math.ceilDiv(size, TASK),
        task -> Arrays.fill(array, task * TASK, (int) Math.min(size, (task + 1L) * TASK), 0f));
  }

  void map(Op.Unary op, Tensor x, float p, Tensor out) {
    Loops loops = Loops.of(x.layout(), out.layout());
    float[] xs = x.storage().array();
    float[] os = out.storage().array();
    int xStride = loops.stride(0);
    int oStride = loops.stride(1);
    forEachPiece(
        loops,
        (xo, _, oo, count) -> {
          float[][] buffers = BUFFERS.get();
          float[] in = xs;
          if (xStride != 1) {
            in = gather(xs, xo, xStride, count, buffers[0]);
            xo = 0;
          }
          if (oStride == 1) {
            kernels.map(op, in, xo, p, os, oo, count);
          } else {
            kernels.map(op, in, xo, p, buffers[2], 0, count);
            scatter(buffers[2], count, os, oo, oStride);
          }
        });
  }

  void zip(Op.Binary op, Tensor a, Tensor b, Tensor out) {
    Loops loops = Loops.of(a.layout(), b.layout(), out.layout());
    float[] as = a.storage().array();
    float[] bs = b.storage().array();
    float[] os = out.storage().array();
    int aStride = loops.stride(0);
    int bStride = loops.stride(1);
    int oStride = loops.stride(2);
    forEachPiece(
        loops,
        (ao, bo, oo, count) -> {
          float[][] buffers = BUFFERS.get();
          float[] x = as;
          float[] y = bs;
          if (aStride != 1) {
            x = gather(as, ao, aStride, count, buffers[0]);
            ao = 0;
          }
          if (bStride != 1) {
            y = gather(bs, bo, bStride, count, buffers[1]);
            bo = 0;
          }
          if (oStride == 1) {
            kernels.zip(op, x, ao, y, bo, os, oo, count);
          } else {
            if (op == Op.Binary.ADD_PRODUCT) { // which adds to the output
              gather(os, oo, oStride, count, buffers[2]);
            }
            kernels.zip(op, x, ao, y, bo, buffers[2], 0, count);
            scatter(buffers[2], count, os, oo, oStride);
          }
        });
  }

  private static float[] gather(float[] src, int from, int stride, int count, float[] into) {
    if (stride == 0) {
      Arrays.fill(into, 0, count, src[from]);
    } else {
      for (int i = 0; i < count; i++) {
        into[i] = src[from + i * stride];
      }
    }
    return into;
  }

  private static void scatter(float[] src, int count, float[] into, int to, int stride) {
    for (int i = 0; i < count; i++) {
      into[to + i * stride] = src[i];
    }
  }
}
