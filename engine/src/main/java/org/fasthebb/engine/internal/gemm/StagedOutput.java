package org.fasthebb.engine.internal.gemm;

import org.fasthebb.engine.Op;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.Scratch;
import org.fasthebb.engine.internal.runtime.Workspace;

/**
 * Row-major memory in which blocks are summed up if that cannot be done in the output, because its
 * rows are not contiguous or several parts of k are computed at once. Parts are added in a fixed
 * order, so that the bits do not depend on which thread was first.
 */
final class StagedOutput {
  /** Rows that one task copies to the output. */
  private static final int ROWS_OF_TASK = 64;

  /** Slots of {@link Scratch}. */
  private static final int ROWS = 1;

  private static final int COLUMNS = 2;

  private final BlockedProduct product;
  private final Kernels kernels;
  private final Workspace<float[]> workspace;
  private final int rows;
  private final int columns;

  /** One buffer for each part of k. */
  private final float[][] parts;

  StagedOutput(BlockedProduct product) {
    this.product = product;
    kernels = product.gemm.kernels;
    workspace = product.gemm.workspace;
    rows = product.m.total();
    columns = product.n.total();
    parts = new float[product.cut.parts][];
  }

  void take() {
    for (int i = 0; i < parts.length; i++) {
      parts[i] = workspace.take(rows * columns);
    }
  }

  float[] part(int i) {
    return parts[i];
  }

  /** Adds all parts, puts the sum into the output, and returns the memory to the workspace. */
  void finish() {
    if (parts.length > 1) {
      product.dispatch(Math.ceilDiv(rows, product.mr), this::addParts);
    }
    product.dispatch(Math.ceilDiv(rows, ROWS_OF_TASK), this::unstage);
    for (float[] used : parts) {
      workspace.give(used);
    }
  }

  /** Adds the parts of a strip of rows. */
  private void addParts(int strip) {
    int from = strip * product.mr * columns;
    int count = Math.min(product.mr, rows - strip * product.mr) * columns;
    float[] sum = parts[0];
    for (int p = 1; p < parts.length; p++) {
      kernels.zip(Op.Binary.ADD, sum, from, parts[p], from, sum, from, count);
    }
  }

  /** Puts some rows into the output, along whichever of its axes is contiguous. */
  private void unstage(int group) {
    int from = group * ROWS_OF_TASK;
    int count = Math.min(rows - from, ROWS_OF_TASK);
    int[] rowOffsets = Scratch.get().ints(ROWS, count);
    int[] columnOffsets = Scratch.get().ints(COLUMNS, columns);
    product.m.offsets(1, from, count, rowOffsets);
    product.n.offsets(1, 0, columns, columnOffsets);
    if (product.symmetric) {
      mirror(from, count);
    }
    float[] sum = parts[0];
    int base = product.c.offset();
    if (product.n.innerStride(1) == 1) {
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < columns; j++) {
          put(sum[(from + i) * columns + j], base + rowOffsets[i] + columnOffsets[j]);
        }
      }
    } else {
      for (int j = 0; j < columns; j++) {
        for (int i = 0; i < count; i++) {
          put(sum[(from + i) * columns + j], base + rowOffsets[i] + columnOffsets[j]);
        }
      }
    }
  }

  /** Fills the upper triangle of some rows from the lower one. */
  private void mirror(int from, int count) {
    float[] sum = parts[0];
    for (int i = from; i < from + count; i++) {
      for (int j = i + 1; j < columns; j++) {
        sum[i * columns + j] = sum[j * columns + i];
      }
    }
  }

  private void put(float sum, int to) {
    float[] out = product.c.array();
    out[to] = sum + (product.add ? out[to] : 0f);
  }
}
