package org.fasthebb.engine.internal.strided;

import java.util.Arrays;
import org.fasthebb.engine.Layout.Axis;

/**
 * Nested loops over sub-axes that two operands share, each with its own strides: the index space of
 * one letter group of a contraction, or of one element-wise pass. Index i counts through the
 * innermost sub-axis first.
 */
public final class AxisGroup {
  private int depth;
  private int[] sizes = new int[6];
  private int[] first = new int[6];
  private int[] second = new int[6];
  private int total = 1;

  /** No loops yet: one index. */
  public AxisGroup() {}

  /** The loops of one axis, of one operand. */
  public static AxisGroup of(Axis axis) {
    AxisGroup group = new AxisGroup();
    group.add(axis, axis);
    return group;
  }

  /** Number of indices. */
  public int total() {
    return total;
  }

  /** Adds an axis inside of those already there; {@code x} and {@code y} have the same size. */
  public void add(Axis x, Axis y) {
    int[] cut = x.sizes().length >= y.sizes().length ? x.sizes() : y.sizes();
    int[] xs = strides(x, cut);
    int[] ys = strides(y, cut);
    for (int i = 0; i < cut.length; i++) {
      add(cut[i], xs[i], ys[i]);
    }
  }

  /** Strides of an axis cut into sub-axes of the given sizes. */
  static int[] strides(Axis axis, int[] cut) {
    if (Arrays.equals(axis.sizes(), cut)) {
      return axis.strides();
    }
    if (!axis.isSimple()) {
      throw new IllegalArgumentException(
          "two composite axes are cut differently, "
              + Arrays.toString(axis.sizes())
              + " and "
              + Arrays.toString(cut)
              + "; copy() one of the operands");
    }
    int[] strides = new int[cut.length];
    int stride = axis.stride();
    for (int i = cut.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= cut[i];
    }
    return strides;
  }

  private void add(int size, int x, int y) {
    total *= size;
    if (size == 1) {
      return;
    }
    int last = depth - 1;
    if (last >= 0 && first[last] == size * x && second[last] == size * y) {
      sizes[last] *= size; // the two loops are one
      first[last] = x;
      second[last] = y;
      return;
    }
    if (depth == sizes.length) {
      sizes = Arrays.copyOf(sizes, 2 * depth);
      first = Arrays.copyOf(first, 2 * depth);
      second = Arrays.copyOf(second, 2 * depth);
    }
    sizes[depth] = size;
    first[depth] = x;
    second[depth] = y;
    depth++;
  }

  /** Number of loops. */
  public int depth() {
    return depth;
  }

  /**
   * Sizes of the loops, outermost first, in an array that may be longer. Callers must not change
   * it.
   */
  public int[] sizes() {
    return sizes;
  }

  /** Strides of the loops for the first (0) or second (1) operand. Callers must not change them. */
  public int[] strides(int operand) {
    return operand == 0 ? first : second;
  }

  /**
   * Stride of the innermost sub-axis for the first (0) or second (1) operand; 0 if there is none.
   */
  public int innerStride(int operand) {
    int[] strides = operand == 0 ? first : second;
    return depth == 0 ? 0 : strides[depth - 1];
  }

  /** Says that no single stride leads through all indices. */
  public static final int IRREGULAR = Integer.MIN_VALUE;

  /** The stride between all neighbouring indices of an operand, or {@link #IRREGULAR}. */
  public int uniformStride(int operand) {
    int[] strides = operand == 0 ? first : second;
    for (int d = 1; d < depth; d++) {
      if (strides[d - 1] != sizes[d] * strides[d]) {
        return IRREGULAR;
      }
    }
    return innerStride(operand);
  }

  /** Length of the innermost sub-axis. */
  public int innerSize() {
    return depth == 0 ? 1 : sizes[depth - 1];
  }

  /** Element offset of index i for an operand. */
  public int offset(int operand, int i) {
    int[] strides = operand == 0 ? first : second;
    int offset = 0;
    for (int d = depth - 1; d >= 0; d--) {
      offset += i % sizes[d] * strides[d];
      i /= sizes[d];
    }
    return offset;
  }

  /** Element offsets of indices from .. from+count-1. */
  public void offsets(int operand, int from, int count, int[] into) {
    int inner = innerSize();
    int stride = innerStride(operand);
    for (int i = 0; i < count; ) {
      int base = offset(operand, from + i);
      int run = Math.min(inner - (from + i) % inner, count - i);
      for (int j = 0; j < run; j++) {
        into[i + j] = base + j * stride;
      }
      i += run;
    }
  }

  /**
   * Whether these loops take the first operand through the same offsets as those of {@code other}
   * do.
   */
  public boolean hasFirstOf(AxisGroup other) {
    return Arrays.equals(sizes, 0, depth, other.sizes, 0, other.depth)
        && Arrays.equals(first, 0, depth, other.first, 0, other.depth);
  }

  /** The same loops with the operands' roles exchanged. */
  public AxisGroup swapped() {
    AxisGroup swapped = new AxisGroup();
    swapped.depth = depth;
    swapped.sizes = sizes;
    swapped.first = second;
    swapped.second = first;
    swapped.total = total;
    return swapped;
  }
}
