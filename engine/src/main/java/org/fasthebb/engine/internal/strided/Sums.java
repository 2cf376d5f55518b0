package org.fasthebb.engine.internal.strided;

/** Sums of strided values in double. */
public final class Sums {
  private Sums() {}

  /** Adds {@code count} values that are {@code step} apart, in order. */
  public static double of(double[] x, int from, int step, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += x[from + i * step];
    }
    return sum;
  }
}
