package org.fasthebb.engine.internal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link Kernels} with the Vector API. The width is fixed when the class loads, since C2 compiles
 * vector code well only where the species is a constant. Vectors stay in local variables; a vector
 * that reaches a field, an array or a call that is not inlined would be allocated on the heap
 * ("boxed").
 */
abstract class VectorKernels extends VectorTransforms {
  static Kernels create() {
    // AVX-512 and NEON have 32 registers, AVX2 and SSE have 16.
    boolean isArm = System.getProperty("os.arch").equals("aarch64");
    return S.vectorBitSize() == 512 || isArm ? new MicroKernel12x2() : new MicroKernelInParts();
  }

  @Override
  public final String width() {
    return Integer.toString(S.vectorBitSize());
  }

  @Override
  public final String name() {
    return "vector " + S.vectorBitSize() + " bit, tile " + MR + "x" + NR;
  }

  @Override
  public final int mr() {
    return MR;
  }

  @Override
  public final int nr() {
    return NR;
  }

  /**
   * Packs row by row, so that the source is read in order. Each piece is copied as a whole vector,
   * which may write into the panel's next rows. Those rows are packed later, and the last ones
   * value by value.
   */
  @Override
  public final void packRows(
      float[] src,
      int base,
      int[] offsets,
      int rows,
      Pieces pieces,
      int width,
      float[] dst,
      int to) {
    int exact = Math.ceilDiv(L - 1, width);
    int[] starts = pieces.starts();
    int[] targets = pieces.targets();
    int count = pieces.count();
    for (int r = 0; r < rows; r++) {
      int from = base + offsets[r];
      int at = to + r * width;
      if (r >= rows - exact || from + pieces.reach() + L > src.length) {
        pieces.copy(src, from, dst, at);
        continue;
      }
      for (int i = 0; i < count; i++) {
        FloatVector.fromArray(S, src, from + starts[i]).intoArray(dst, at + targets[i]);
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
        // A mask that reaches beyond the end of an array is checked lane by lane, with vectors on
        // the heap.
        System.arraycopy(src, from + whole, dst, at + whole, count - whole);
      } else if (whole < count) {
        FloatVector.fromArray(S, src, from + whole, rest).intoArray(dst, at + whole, rest);
      }
    }
  }
}
