package org.fasthebb.engine.internal.strided;

import java.util.Arrays;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Layout.Axis;

/**
 * The nested loops over several operands of one shape, with neighbouring loops joined where every
 * operand allows it: outer loops, whose rounds are numbered 0 .. rows-1, and one inner loop.
 */
public final class Loops {
  private int depth;
  private int[] sizes = new int[6];
  private final int[][] strides;
  private final int[] offsets;

  /** The loops over layouts of one shape, whose composite axes must all be cut alike. */
  public static Loops of(Layout... operands) {
    Loops loops = new Loops(operands.length);
    for (int o = 0; o < operands.length; o++) {
      loops.offsets[o] = operands[o].offset();
    }
    int[][] cutStrides = new int[operands.length][];
    for (int i = 0; i < operands[0].rank(); i++) {
      int[] cut = operands[0].axis(i).sizes();
      for (Layout operand : operands) {
        Axis axis = operand.axis(i);
        cut = axis.sizes().length > cut.length ? axis.sizes() : cut;
      }
      for (int o = 0; o < operands.length; o++) {
        cutStrides[o] = AxisGroup.strides(operands[o].axis(i), cut);
      }
      for (int j = 0; j < cut.length; j++) {
        loops.add(cut[j], cutStrides, j);
      }
    }
    return loops;
  }

  /** Loops of given sizes, with the strides of each operand, from offsets of 0. */
  public static Loops of(int[] sizes, int[]... strides) {
    Loops loops = new Loops(strides.length);
    for (int i = 0; i < sizes.length; i++) {
      loops.add(sizes[i], strides, i);
    }
    return loops;
  }

  /** Loops through the first operand of groups, one group inside of the other, from offset 0. */
  public static Loops ofFirst(AxisGroup... groups) {
    Loops loops = new Loops(1);
    for (AxisGroup group : groups) {
      int[][] strides = {group.strides(0)};
      for (int i = 0; i < group.depth(); i++) {
        loops.add(group.sizes()[i], strides, i);
      }
    }
    return loops;
  }

  private Loops(int operands) {
    strides = new int[operands][sizes.length];
    offsets = new int[operands];
  }

  private void add(int size, int[][] from, int j) {
    if (size == 1) {
      return;
    }
    int last = depth - 1;
    boolean joins = last >= 0;
    for (int o = 0; o < strides.length && joins; o++) {
      joins = strides[o][last] == size * from[o][j];
    }
    if (joins) {
      sizes[last] *= size;
    } else {
      last++;
      deepen();
      sizes[last] = size;
    }
    for (int o = 0; o < strides.length; o++) {
      strides[o][last] = from[o][j];
    }
  }

  private void deepen() {
    depth++;
    if (depth > sizes.length) {
      sizes = Arrays.copyOf(sizes, 2 * depth);
      for (int o = 0; o < strides.length; o++) {
        strides[o] = Arrays.copyOf(strides[o], 2 * depth);
      }
    }
  }

  /** Number of loops. A loop of one round is left out. */
  public int depth() {
    return depth;
  }

  /** Rounds of loop d, outermost first. */
  public int size(int d) {
    return sizes[d];
  }

  /** Stride of loop d for an operand. */
  public int stride(int operand, int d) {
    return strides[operand][d];
  }

  /** Whether these loops take every operand through contiguous elements. */
  public boolean isFlat() {
    boolean flat = depth <= 1;
    for (int[] stride : strides) {
      flat &= depth == 0 || stride[0] == 1;
    }
    return flat;
  }

  /**
   * Whether the first operand is read in runs of four neighbours, whose distances from its offset
   * are multiples of four.
   */
  private boolean isInFours() {
    boolean inFours = depth > 0 && sizes[depth - 1] % 4 == 0 && strides[0][depth - 1] == 1;
    for (int d = 0; d < depth - 1; d++) {
      inFours &= strides[0][d] % 4 == 0;
    }
    return inFours;
  }

  /**
   * The first operand's loops in units of four neighbouring elements, or null if it is not read in
   * fours.
   */
  public Loops inFours() {
    if (!isInFours()) {
      return null;
    }
    Loops fours = new Loops(1);
    int last = depth - 1;
    int[][] unit = {new int[depth]};
    for (int d = 0; d < depth; d++) {
      unit[0][d] = d == last ? 1 : strides[0][d] / 4;
      fours.add(d == last ? sizes[d] / 4 : sizes[d], unit, d);
    }
    return fours;
  }

  /** Length of the inner loop. */
  public int inner() {
    return depth == 0 ? 1 : sizes[depth - 1];
  }

  /** Stride of the inner loop for an operand. */
  public int stride(int operand) {
    return depth == 0 ? 0 : strides[operand][depth - 1];
  }

  /** Number of operands. */
  public int operands() {
    return offsets.length;
  }

  /**
   * Number of rounds of the outer loops from {@code row} on whose starts are {@link #rowStride}
   * apart.
   */
  public int evenRows(int row) {
    return depth < 2 ? 1 : sizes[depth - 2] - row % sizes[depth - 2];
  }

  /** Stride of the loop around the inner one for an operand. */
  public int rowStride(int operand) {
    return depth < 2 ? 0 : strides[operand][depth - 2];
  }

  /** Number of rounds of the outer loops. */
  public int rows() {
    int rows = 1;
    for (int i = 0; i < depth - 1; i++) {
      rows *= sizes[i];
    }
    return rows;
  }

  /** Where element {@code i} of an operand is, counted along the inner loops first. */
  public int place(int operand, int i) {
    return start(operand, i / inner()) + i % inner() * stride(operand);
  }

  /** Where an operand's inner loop starts in round {@code row}. */
  public int start(int operand, int row) {
    int at = offsets[operand];
    for (int i = depth - 2; i >= 0; i--) {
      at += row % sizes[i] * strides[operand][i];
      row /= sizes[i];
    }
    return at;
  }
}
