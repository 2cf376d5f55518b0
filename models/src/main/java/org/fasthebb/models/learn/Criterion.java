package org.fasthebb.models.learn;

/** What validation measures, and so which epoch is the best. */
public enum Criterion {
  /** Share of images whose class is found, 0 to 1: the higher the better. */
  ACCURACY,
  /** A mean loss over images: the lower the better. */
  LOSS,
  /** Nothing: the last epoch counts. */
  NONE;

  /** Whether a value is strictly better than another, so that the first of equals is the best. */
  boolean isBetter(double value, double other) {
    return switch (this) {
      case ACCURACY -> value > other;
      case LOSS -> value < other;
      case NONE -> true;
    };
  }
}
