package org.fasthebb.engine.internal;

/** What whole numbers have in common. */
final class Divisors {
  private Divisors() {}

  /** The greatest common divisor of two numbers that are at least 0; of 0 and n it is n. */
  static int greatestCommon(int a, int b) {
    return b == 0 ? a : greatestCommon(b, a % b);
  }
}
