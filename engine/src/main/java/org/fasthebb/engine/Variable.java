package org.fasthebb.engine;

import java.util.Arrays;

/** A value on a {@link Tape}, and after {@link Tape#backward} its gradient. */
public final class Variable {
  private final Tensor value;
  private final boolean differentiable;
  private Tensor gradient;

  /** Whether the gradient may be changed in place. */
  private boolean mine;

  Variable(Tensor value, boolean differentiable) {
    this.value = value;
    this.differentiable = differentiable;
  }

  /** The computed value. */
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

  /** Adds a contribution that this variable may change later; sums it over stretched axes. */
  void accumulate(Tensor contribution) {
    accumulate(contribution, true);
  }

  /** Adds a contribution that others still use. */
  void accumulateShared(Tensor contribution) {
    accumulate(contribution, false);
  }

  private void accumulate(Tensor contribution, boolean mayChange) {
    Tensor fitting = summed(contribution);
    boolean own = mayChange || fitting != contribution;
    if (gradient == null) {
      gradient = fitting;
      mine = own;
    } else {
      gradient = mine ? gradient.addAssign(fitting) : gradient.plus(fitting);
      mine = true;
    }
  }

  /** Contribution summed to value's shape. */
  private Tensor summed(Tensor contribution) {
    Tensor fitting = contribution;
    int leading = contribution.rank() - value.rank();
    if (leading > 0) { // sums over all of them at once
      int[] shape = contribution.shape();
      int[] rest = Arrays.copyOfRange(shape, leading - 1, shape.length);
      rest[0] = Arrays.stream(shape, 0, leading).reduce(1, (a, b) -> a * b);
      fitting = contribution.contiguous().reshape(rest).sum(0).reshape(tail(rest));
    }
    for (int i = 0; i < value.rank(); i++) {
      if (value.size(i) != fitting.size(i)) {
        fitting = fitting.sum(i);
      }
    }
    return fitting;
  }

  private static int[] tail(int[] shape) {
    return Arrays.copyOfRange(shape, 1, shape.length);
  }
}
