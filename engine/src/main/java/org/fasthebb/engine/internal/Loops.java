package org.fasthebb.engine.internal;

import java.util.Arrays;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Layout.Axis;

/**
 * The nested loops over several operands of one shape, with neighbouring loops joined where every
 * operand allows it: outer loops numbered 0 .. rows-1, and one inner loop.
 */
final class Loops {
  private int depth;
  private int[] sizes = new int[6];
  private final int[][] strides;
  private final int[] offsets;

  /** Layouts of one shape; composite axes are cut alike in all. */
  static Loops of(Layout... operands) {
    Loops loops = new Loops(operands);
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

  private Loops(Layout[] operands) {
    strides = new int[operands.length][sizes.length];
    offsets = new int[operands.length];
    for (int o = 0; o < operands.length; o++) {
      offsets[o] = operands[o].offset();
    }
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

  /** Length of the inner loop. */
  int inner() {
    return depth == 0 ? 1 : sizes[depth - 1];
  }

  /** Stride of the inner loop for an operand. */
  int stride(int operand) {
    return depth == 0 ? 0 : strides[operand][depth - 1];
  }

  /** Number of rounds of the outer loops. */
  int rows() {
    int rows = 1;
    for (int i = 0; i < depth - 1; i++) {
      rows *= sizes[i];
    }
    return rows;
  }

  /** Where an operand's inner loop starts in round {@code row}. */
  int start(int operand, int row) {
    int at = offsets[operand];
    for (int i = depth - 2; i >= 0; i--) {
      at += row % sizes[i] * strides[operand][i];
      row /= sizes[i];
    }
    return at;
  }
}
