package org.fasthebb.models.linalg;

import java.util.SplittableRandom;

/** Symmetric matrices of tests, row-major. */
final class Matrices {
  private Matrices() {}

  interface Element {
    double at(int i, int j);
  }

  /** The matrix with the given elements on and below the diagonal. */
  static double[] symmetric(int n, Element element) {
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        a[i * n + j] = element.at(i, j);
        a[j * n + i] = a[i * n + j];
      }
    }
    return a;
  }

  /** Elements from -1 to 1. */
  static double[] random(int n) {
    var random = new SplittableRandom(n);
    return symmetric(n, (_, _) -> random.nextDouble(-1, 1));
  }

  /** Sums of products of {@code rank} random vectors: a covariance. */
  static double[] covariance(int n, int rank) {
    var random = new SplittableRandom(31L * n + rank);
    double[] b = new double[n * rank];
    for (int i = 0; i < b.length; i++) {
      b[i] = random.nextDouble(-1, 1);
    }
    return symmetric(
        n,
        (i, j) -> {
          double sum = 0;
          for (int k = 0; k < rank; k++) {
            sum += b[i * rank + k] * b[j * rank + k];
          }
          return sum / rank;
        });
  }

  /** The product of two n x n matrices. */
  static double[] multiply(double[] a, double[] b, int n) {
    double[] c = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < n; j++) {
          c[i * n + j] += a[i * n + k] * b[k * n + j];
        }
      }
    }
    return c;
  }
}
