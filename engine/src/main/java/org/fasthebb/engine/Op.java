package org.fasthebb.engine;

/** Names of the element-wise operations and reductions that a {@link Device} provides. */
public final class Op {
  private Op() {}

  /** Operations on one tensor; p is a number given with the call. */
  public enum Unary {
    /** x. */
    COPY,
    /** p, whatever x is. */
    FILL,
    /** x + p. */
    ADD,
    /** x p. */
    SCALE,
    /** max(x, 0). */
    RELU,
    /** x^2. */
    SQUARE,
    /** sqrt(x). */
    SQRT,
    /** e^x. */
    EXP,
    /** ln x. */
    LOG,
    /** x, and 1 where x is 0: a divisor that guards a zero norm or sum. */
    ZERO_TO_ONE
  }

  /** Operations on two tensors a and b. */
  public enum Binary {
    /** a + b. */
    ADD,
    /** a - b. */
    SUBTRACT,
    /** a b. */
    MULTIPLY,
    /** a / b. */
    DIVIDE,
    /** The larger of a and b. */
    MAX,
    /** What the output held, plus a b. */
    ADD_PRODUCT,
    /** a where b is over 0, else 0: the adjoint of ReLU. */
    RELU_BACKWARD
  }

  /** Reductions of all elements along axes. */
  public enum Reduction {
    /** Sum of x. */
    SUM,
    /** Sum of x^2. */
    SUM_OF_SQUARES,
    /** Largest x; minus infinity of none. */
    MAX
  }
}
