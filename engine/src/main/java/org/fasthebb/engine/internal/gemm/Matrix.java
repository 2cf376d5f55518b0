package org.fasthebb.engine.internal.gemm;

import org.fasthebb.engine.Tensor;

/**
 * One operand of a product: an array and the index of its first element. Its strides are in axis
 * groups.
 */
public record Matrix(float[] array, int offset) {
  /** A tensor's memory. */
  public static Matrix of(Tensor x) {
    return new Matrix(x.storage().array(), x.layout().offset());
  }
}
