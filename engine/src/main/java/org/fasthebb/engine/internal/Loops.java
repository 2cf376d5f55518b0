package org.fasthebb.engine.internal;

import java.util.Arrays;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Layout.Axis;

/**
 * The nested loops over several operands of one shape, with neighbouring loops joined where every
 * operand allows it: outer loops numbered 0 .. rows-1, and one inner loop.
 */
public final class Loops {
  private int[] sizes = new int[0];
  private final int[][] strides;
  private final int[] offsets;

  /** Layouts of one shape; composite axes are cut alike in all. */
  public static Loops of(Layout... operands) {
    Loops loops = new Loops(operands.length);
    for (int o = 0; o < operands.length; o++) {
      loops.offsets[o] = operands[o].offset();
    }
    for (int i = 0; i < operands[0].rank(); i++) {
      int[] cut = operands[0].axis(i).sizes();
      for (Layout operand : operands) {
        Axis axis = operand.axis(i);
        cut = axis.sizes().length > cut.length ? axis.sizes() : cut;
      }
      int[][] cutStrides = new int[operands.length][];
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
      for (int i = 0; i < strides[0].length; i++) {
        loops.add(group.sizes()[i], strides, i);
      }
    }
    return loops;
  }

  private Loops(int operands) {
    strides = new int[operands][0];
    offsets = new int[operands];
  }

  private void add(int size, int[][] from, int j) {
    if (size == 1) {
      return;
    }
    int last = sizes.length - 1;
    boolean joins = last >= 0;
    for (int o = 0; o < strides.length && joins; o++) {
      joins = strides[o][last] == size * from[o][j];
    }
    if (joins) {
      sizes[last] *= size;
    } else {
      last++;
      sizes = Arrays.copyOf(sizes, last + 1);
      sizes[last] = size;
    }
    for (int o = 0; o < strides.length; o++) {
      strides[o] = Arrays.copyOf(strides[o], sizes.length);
      strides[o][last] = from[o][j];
    }
  }

  /** Number of loops, none of them of one round. */
  public int depth() {
    return sizes.length;
  }

  /** Rounds of loop d, outermost first. */
  public int size(int d) {
    return sizes[d];
  }

  /** Stride of loop d for an operand. */
  public int stride(int operand, int d) {
    return strides[operand][d];
  }

  /** Whether these loops lead every operand through neighbouring elements. */
  public boolean isFlat() {
    for (int[] stride : strides) {
      if (sizes.length > 1 || (sizes.length == 1 && stride[0] != 1)) {
        return false;
      }
    }
    return true;
  }

  /** The same in units of four neighbouring elements, or null if there are not always four. */
  public Loops inFours() {
    int last = sizes.length - 1;
    if (last < 0 || sizes[last] % 4 != 0) {
      return null;
    }
    Loops fours = new Loops(strides.length);
    fours.sizes = sizes.clone();
    fours.sizes[last] /= 4;
    for (int o = 0; o < strides.length; o++) {
      fours.strides[o] = strides[o].clone();
      for (int d = 0; d < last; d++) {
        if (strides[o][d] % 4 != 0) {
          return null;
        }
        fours.strides[o][d] /= 4;
      }
      if (strides[o][last] != 1) {
        return null;
      }
    }
    return fours;
  }

  /** Length of the inner loop. */
  int inner() {
    return sizes.length == 0 ? 1 : sizes[sizes.length - 1];
  }

  /** Stride of the inner loop for an operand. */
  public int stride(int operand) {
    return sizes.length == 0 ? 0 : strides[operand][sizes.length - 1];
  }

  /** Number of rounds of the outer loops. */
  int rows() {
    int rows = 1;
    for (int i = 0; i < sizes.length - 1; i++) {
      rows *= sizes[i];
    }
    return rows;
  }

  /** Where an operand's inner loop starts in round {@code row}. */
  int start(int operand, int row) {
    int at = offsets[operand];
    for (int i = sizes.length - 2; i >= 0; i--) {
      at += row % sizes[i] * strides[operand][i];
      row /= sizes[i];
    }
    return at;
  }
}
