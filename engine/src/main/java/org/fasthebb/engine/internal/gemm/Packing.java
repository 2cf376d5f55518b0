package org.fasthebb.engine.internal.gemm;

import java.util.Arrays;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.kernels.Pieces;
import org.fasthebb.engine.internal.strided.AxisGroup;

/**
 * Packing for {@link Gemm}: copies a block of a strided operand into panels, each as wide as one
 * side of the register tile, so that the tile reads memory in order. Strides and edges disappear
 * here.
 */
public final class Packing {
  /** Shortest run of contiguous values that is worth a loop, or a tile, of its own. */
  private static final int SHORTEST_RUN = 12;

  /** Shortest average length at which pieces of contiguous values are copied by vectors. */
  private static final int SHORTEST_PIECE = 3;

  /**
   * Values of a row that are transposed at a time: so few that the part of the panel that is being
   * written stays in the L1 cache.
   */
  private static final int TRANSPOSED = 64;

  private static final ThreadLocal<Offsets> OFFSETS = ThreadLocal.withInitial(Offsets::new);

  /**
   * Buffers of a thread that packs. They are not in {@code Scratch}, whose slots its caller uses.
   */
  private static final class Offsets {
    private int[] outer = {};
    private int[] inner = {};
    private final Pieces pieces = new Pieces();
  }

  private final Kernels kernels;
  private final int lanes;

  public Packing(Kernels kernels) {
    this.kernels = kernels;
    lanes = kernels.nr() / 2;
  }

  /** Whether an operand is contiguous along k, in runs that are long enough for a loop. */
  static boolean hasRuns(AxisGroup k, int operand) {
    return k.innerStride(operand) == 1 && k.innerSize() >= SHORTEST_RUN;
  }

  /**
   * Packs {@code count} indices of the outer group, from {@code first} on, as panels of {@code
   * width}: value (panel, p, i) is x[outer panel*width+i][inner from+p], all counted from {@code
   * xo}.
   *
   * @param operand which operand of {@code inner} is packed; of {@code outer} it is always the
   *     first
   */
  public void pack(
      float[] x,
      int xo,
      AxisGroup outer,
      AxisGroup inner,
      int operand,
      int first,
      int count,
      int width,
      int from,
      int depth,
      float[] into,
      int at) {
    Offsets use = OFFSETS.get();
    int[] columns = use.outer = sized(use.outer, count);
    int[] rows = use.inner = sized(use.inner, depth);
    outer.offsets(0, first, count, columns);
    inner.offsets(operand, from, depth, rows);
    int whole = count / width * width;
    if (whole < count) {
      Arrays.fill(into, at + whole * depth, at + (whole + width) * depth, 0f);
    }
    if (use.pieces.cut(columns, 0, count, width, depth, lanes).count() * SHORTEST_PIECE <= count) {
      use.pieces.cut(columns, 0, whole, width, depth, lanes);
      kernels.packRows(x, xo, rows, depth, use.pieces, width, into, at);
      use.pieces.cut(columns, whole, count, width, depth, width);
      for (int i = 0; i < use.pieces.count(); i++) {
        int start = xo + use.pieces.starts()[i];
        int to = at + use.pieces.targets()[i];
        kernels.copyRows(x, start, rows, depth, use.pieces.lengths()[i], into, to, width);
      }
    } else if (hasRuns(inner, operand)) {
      for (int done = 0; done < count; done += width) {
        int valid = Math.min(width, count - done);
        int length = inner.innerSize();
        int to = at + done * depth;
        transpose(x, xo, columns, done, valid, width, length, rows, from, depth, into, to);
      }
    } else {
      for (int i = 0; i < count; i++) {
        int to = at + i / width * width * depth + i % width;
        for (int p = 0; p < depth; p++) {
          into[to + p * width] = x[xo + rows[p] + columns[i]];
        }
      }
    }
  }

  private static int[] sized(int[] buffer, int size) {
    return buffer.length >= size ? buffer : new int[size];
  }

  /** Packs rows that are contiguous along the summed axis, run by run. */
  private static void transpose(
      float[] x,
      int xo,
      int[] rows,
      int first,
      int valid,
      int width,
      int length,
      int[] depths,
      int from,
      int depth,
      float[] into,
      int at) {
    for (int p = 0; p < depth; ) {
      int run = Math.min(TRANSPOSED, Math.min(length - (from + p) % length, depth - p));
      int start = xo + depths[p];
      int to = at + p * width;
      int i = 0;
      for (; i + 4 <= valid; i += 4) {
        transposeRuns(x, start, rows, first + i, run, into, to + i, width);
      }
      for (; i < valid; i++) {
        transposeRun(x, start + rows[first + i], run, into, to + i, width);
      }
      p += run;
    }
  }

  /** Transposes four rows at once, so that each step writes four neighbours. */
  private static void transposeRuns(
      float[] src, int from, int[] rows, int row, int count, float[] dst, int to, int step) {
    int a = from + rows[row];
    int b = from + rows[row + 1];
    int c = from + rows[row + 2];
    int d = from + rows[row + 3];
    for (int p = 0; p < count; p++, to += step) {
      dst[to] = src[a + p];
      dst[to + 1] = src[b + p];
      dst[to + 2] = src[c + p];
      dst[to + 3] = src[d + p];
    }
  }

  private static void transposeRun(
      float[] src, int from, int count, float[] dst, int to, int step) {
    for (int p = 0; p < count; p++, to += step) {
      dst[to] = src[from + p];
    }
  }
}
