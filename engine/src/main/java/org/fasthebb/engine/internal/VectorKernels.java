package org.fasthebb.engine.internal;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link Kernels} with the Vector API. The width is fixed when the class loads, since C2 compiles
 * vector code well only where the species is a constant. Vectors stay in local variables; a vector
 * that reaches a field, an array or a call that is not inlined would be boxed.
 */
abstract class VectorKernels extends VectorLoops {
  static final int NR = 2 * L;

  static Kernels create() {
    // Half of the registers hold the tile's accumulators where there are 32, three quarters where
    // there are 16; AVX-512 and NEON have 32, AVX2 and SSE have 16.
    return S.vectorBitSize() == 512 ? new Tile12() : new Tile6();
  }

  @Override
  public final String name() {
    return "vector " + S.vectorBitSize() + " bit, tile " + mr() + "x" + NR;
  }

  @Override
  public final int nr() {
    return NR;
  }

  /**
   * Row by row, so that the source is read in order. Whole vectors, the last of which may reach
   * into the panel's next row: that one is copied later.
   */
  @Override
  public final void packRows(
      float[] src, int base, int[] offsets, int rows, int count, int width, float[] dst, int to) {
    int panels = count / width;
    for (int r = 0; r < rows; r++) {
      int from = base + offsets[r];
      int at = to + r * width;
      if (r == rows - 1 || from + panels * width + L > src.length) {
        for (int panel = 0; panel < panels; panel++) {
          System.arraycopy(src, from + panel * width, dst, at + panel * width * rows, width);
        }
      } else if (width == NR) {
        for (int panel = 0; panel < panels; panel++, from += NR, at += NR * rows) {
          FloatVector.fromArray(S, src, from).intoArray(dst, at);
          FloatVector.fromArray(S, src, from + L).intoArray(dst, at + L);
        }
      } else {
        for (int panel = 0; panel < panels; panel++, from += width, at += width * rows) {
          for (int i = 0; i < width; i += L) {
            FloatVector.fromArray(S, src, from + i).intoArray(dst, at + i);
          }
        }
      }
    }
  }

  @Override
  public final void copyRows(
      float[] src, int base, int[] offsets, int rows, int count, float[] dst, int to, int step) {
    int whole = S.loopBound(count);
    VectorMask<Float> rest = S.indexInRange(whole, count);
    for (int r = 0; r < rows; r++) {
      int from = base + offsets[r];
      int at = to + r * step;
      for (int i = 0; i < whole; i += L) {
        FloatVector.fromArray(S, src, from + i).intoArray(dst, at + i);
      }
      if (from + whole + L > src.length || at + whole + L > dst.length) {
        // Behind the end of an array a mask is looked at lane by lane, on the heap.
        System.arraycopy(src, from + whole, dst, at + whole, count - whole);
      } else if (whole < count) {
        FloatVector.fromArray(S, src, from + whole, rest).intoArray(dst, at + whole, rest);
      }
    }
  }

  @Override
  public final void combine(
      float[] x, int a, int b, int c, int d, float p, float q, float[] y, int yo, int n) {
    FloatVector ps = FloatVector.broadcast(S, p);
    FloatVector qs = FloatVector.broadcast(S, q);
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector first =
          FloatVector.fromArray(S, x, b + i).fma(ps, FloatVector.fromArray(S, x, a + i));
      FloatVector second =
          FloatVector.fromArray(S, x, d + i).fma(ps, FloatVector.fromArray(S, x, c + i));
      second.fma(qs, first).intoArray(y, yo + i);
    }
    REST.combine(x, a + i, b + i, c + i, d + i, p, q, y, yo + i, n - i);
  }
}
