package org.fasthebb.engine;

import java.util.Arrays;

/** A value on a {@link Tape}, and after {@link Tape#backward} its gradient. */
public final class Variable {
  private final Tensor value;
  private final boolean differentiable;
  private Tensor gradient;

  Variable(Tensor value, boolean differentiable) {
    this.value = value;
    this.differentiable = differentiable;
  }

  /** What was computed. */
  public Tensor value() {
    return value;
  }

  /** d loss / d value in value's shape; null if the loss does not depend on it. */
  public Tensor gradient() {
    return gradient;
  }

  boolean isDifferentiable() {
    return differentiable;
  }

  /** Adds a contribution, which may be kept and changed, summed over axes that were stretched. */
  void accumulate(Tensor contribution) {
    Tensor fitting = contribution;
    while (fitting.rank() > value.rank()) {
      int[] shape = fitting.shape();
      fitting = fitting.sum(0).reshape(Arrays.copyOfRange(shape, 1, shape.length));
    }
    for (int i = 0; i < value.rank(); i++) {
      if (value.size(i) != fitting.size(i)) {
        fitting = fitting.sum(i);
      }
    }
    gradient = gradient == null ? fitting : gradient.addAssign(fitting);
  }
}
