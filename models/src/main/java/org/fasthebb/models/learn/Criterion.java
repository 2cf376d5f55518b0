package org.fasthebb.models.learn;

/** What validation measures; it decides which epoch is the best. */
public enum Criterion {
  /** The share of images classified correctly, 0 to 1: higher is better. */
  ACCURACY,
  /** A mean loss over images: lower is better. */
  LOSS,
  /** Nothing: the last epoch counts. */
  NONE;

  /** Whether a value is strictly better than another. So of equal epochs the first is the best. */
  boolean isBetter(double value, double other) {
    return switch (this) {
      case ACCURACY -> value > other;
      case LOSS -> value < other;
      case NONE -> true;
    };
  }
}
