package org.fasthebb.engine.internal.gemm;

import org.fasthebb.engine.Tensor;

/** One operand: an array and where it begins; its loops are those of axis groups. */
public record Matrix(float[] array, int offset) {
  /** A tensor's memory. */
  public static Matrix of(Tensor x) {
    return new Matrix(x.storage().array(), x.layout().offset());
  }
}
