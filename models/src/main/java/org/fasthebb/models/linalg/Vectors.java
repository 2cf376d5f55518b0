package org.fasthebb.models.linalg;

/** Vector operations on array ranges. */
final class Vectors {
  private Vectors() {}

  /** Adds factor x to y on indices [lo, hi). */
  static void add(double[] y, double factor, double[] x, int lo, int hi) {
    for (int j = lo; j < hi; j++) {
      y[j] = Math.fma(factor, x[j], y[j]);
    }
  }

  /** Scalar product over indices [0, length), in four sums so that additions overlap in time. */
  static double dot(double[] x, double[] y, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 4 <= length; j += 4) {
      s0 = Math.fma(x[j], y[j], s0);
      s1 = Math.fma(x[j + 1], y[j + 1], s1);
      s2 = Math.fma(x[j + 2], y[j + 2], s2);
      s3 = Math.fma(x[j + 3], y[j + 3], s3);
    }
    for (; j < length; j++) {
      s0 = Math.fma(x[j], y[j], s0);
    }
    return (s0 + s1) + (s2 + s3);
  }
}
