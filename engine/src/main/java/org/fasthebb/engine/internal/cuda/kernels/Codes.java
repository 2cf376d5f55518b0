package org.fasthebb.engine.internal.cuda.kernels;

import org.fasthebb.engine.Op;

/** The numbers of operations in {@code elementwise.cu} and {@code reduce.cu}. */
public final class Codes {
  private Codes() {}

  public static int of(Op.Unary op) {
    return switch (op) {
      case COPY -> 0;
      case FILL -> 1;
      case ADD -> 2;
      case SCALE -> 3;
      case RELU -> 4;
      case SQUARE -> 5;
      case SQRT -> 6;
      case EXP -> 7;
      case LOG -> 8;
      case ZERO_TO_ONE -> 9;
    };
  }

  public static int of(Op.Binary op) {
    return switch (op) {
      case ADD -> 0;
      case SUBTRACT -> 1;
      case MULTIPLY -> 2;
      case DIVIDE -> 3;
      case MAX -> 4;
      case ADD_PRODUCT -> 5;
      case RELU_BACKWARD -> 6;
    };
  }

  public static int of(Op.Reduction op) {
    return switch (op) {
      case SUM -> 0;
      case SUM_OF_SQUARES -> 1;
      case MAX -> 2;
    };
  }
}
