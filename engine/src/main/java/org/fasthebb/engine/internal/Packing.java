package org.fasthebb.engine.internal;

import java.util.Arrays;

/**
 * Packing for {@link Gemm}: copies a block of a strided operand into panels, each as wide as one
 * side of the register tile, so that the tile reads memory in order. Strides and edges disappear
 * here.
 */
final class Packing {
  /** Shortest run of contiguous values that is worth a loop, or a tile, of its own. */
  private static final int SHORTEST_RUN = 12;

  /** Shortest average piece of neighbours, across panels, that is worth vectors of its own. */
  private static final int SHORTEST_PIECE = 4;

  private static final ThreadLocal<int[][]> OFFSETS = ThreadLocal.withInitial(() -> new int[2][0]);

  private final Kernels kernels;

  Packing(Kernels kernels) {
    this.kernels = kernels;
  }

  /** Whether an operand of k has runs of contiguous values that are worth a loop. */
  static boolean hasRuns(AxisGroup k, int operand) {
    return k.innerStride(operand) == 1 && k.innerSize() >= SHORTEST_RUN;
  }

  /**
   * Packs {@code count} indices of the outer group, from {@code first} on, as panels of {@code
   * width}: value (panel, p, i) is x[outer panel*width+i][inner from+p], all counted from {@code
   * xo}.
   *
   * @param operand of {@code inner}; of {@code outer} it is the first
   */
  void pack(
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
    int[][] offsets = OFFSETS.get();
    int[] outerOffsets = offsets[0] = sized(offsets[0], count);
    int[] innerOffsets = offsets[1] = sized(offsets[1], depth);
    outer.offsets(0, first, count, outerOffsets);
    inner.offsets(operand, from, depth, innerOffsets);
    boolean runs = hasRuns(inner, operand);
    for (int done = 0; done < count; ) {
      int to = at + done * depth;
      int whole = neighbours(outerOffsets, done, count) / width * width;
      if (whole > 0) {
        int base = xo + outerOffsets[done];
        kernels.packRows(x, base, innerOffsets, depth, whole, width, into, to);
        done += whole;
        continue;
      }
      int valid = Math.min(width, count - done);
      if (valid < width) {
        Arrays.fill(into, to, to + width * depth, 0f);
      }
      if (runs) {
        int length = inner.innerSize();
        transpose(
            x, xo, outerOffsets, done, valid, width, length, innerOffsets, from, depth, into, to);
      } else if (pieces(outerOffsets, done, done + valid) * SHORTEST_PIECE <= valid) {
        for (int i = 0; i < valid; ) {
          int piece = neighbours(outerOffsets, done + i, done + valid);
          int base = xo + outerOffsets[done + i];
          kernels.copyRows(x, base, innerOffsets, depth, piece, into, to + i, width);
          i += piece;
        }
      } else {
        for (int p = 0; p < depth; p++) {
          int row = xo + innerOffsets[p];
          for (int i = 0; i < valid; i++) {
            into[to + p * width + i] = x[row + outerOffsets[done + i]];
          }
        }
      }
      done += width;
    }
  }

  private static int[] sized(int[] buffer, int size) {
    return buffer.length >= size ? buffer : new int[size];
  }

  /** How many of the offsets first .. end-1 follow each other without a gap. */
  private static int neighbours(int[] offsets, int first, int end) {
    int i = first + 1;
    while (i < end && offsets[i] == offsets[i - 1] + 1) {
      i++;
    }
    return i - first;
  }

  /** Into how many pieces without gaps the offsets first .. end-1 fall. */
  private static int pieces(int[] offsets, int first, int end) {
    int count = 0;
    for (int i = first; i < end; i += neighbours(offsets, i, end)) {
      count++;
    }
    return count;
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
      int run = Math.min(length - (from + p) % length, depth - p);
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

  /** Four rows at once, so that what is written lies together. */
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
