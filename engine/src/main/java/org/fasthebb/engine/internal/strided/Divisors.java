package org.fasthebb.engine.internal.strided;

/** Common divisors of whole numbers. */
public final class Divisors {
  private Divisors() {}

  /** The greatest common divisor of two numbers that are at least 0; of 0 and n it is n. */
  public static int greatestCommon(int a, int b) {
    return b == 0 ? a : greatestCommon(b, a % b);
  }
}
