package org.fasthebb.models.linalg;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * Eigenvalues and eigenvectors of a real symmetric matrix, A = sum of values[k] vectors[k]
 * vectors[k]^T.
 *
 * <p>The result has the same bits for any number of threads and on any machine.
 *
 * @param values the n eigenvalues in descending order
 * @param vectors n rows of length n, row k the unit eigenvector of values[k]; its sign is arbitrary
 */
public record SymmetricEigen(double[] values, double[][] vectors) {
  private static final int BAND = 64;

  /**
   * Decomposes a matrix by Householder reduction and divide and conquer, in O(n<sup>3</sup>).
   *
   * @param a n x n matrix, row-major; only the lower triangle is read
   * @param n 0 to 46340
   * @param parallel runs the parallel parts
   * @return the decomposition
   * @throws IllegalArgumentException if the length of a is not n<sup>2</sup> or an element is NaN
   *     or infinite
   */
  public static SymmetricEigen of(double[] a, int n, Parallel parallel) {
    if (n < 0 || a.length != (long) n * n) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A symmetric %d x %d matrix needs %d elements but the array has %d; pass the whole"
                  + " matrix.",
              n,
              n,
              (long) n * n,
              a.length));
    }
    double[][] rows = new double[n][n];
    double largest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double x = a[i * n + j];
        if (!Double.isFinite(x)) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "Element (%d, %d) of the symmetric matrix is %s; eigenvalues need finite"
                      + " elements.",
                  i,
                  j,
                  x));
        }
        rows[i][j] = x;
        largest = Math.max(largest, Math.abs(x));
      }
    }
    int exponent = largest == 0 ? 0 : Math.getExponent(largest);
    scale(rows, -exponent);
    Tridiagonal t = Tridiagonal.reduce(rows, parallel);
    double[] values = t.diagonal();
    double[][] vectors = DivideAndConquer.solve(values, t.offDiagonal(), parallel);
    BackTransformation.apply(t, vectors, parallel);
    for (int k = 0; k < n; k++) {
      values[k] = Math.scalb(values[k], exponent);
    }
    reverse(values, vectors);
    return new SymmetricEigen(values, vectors);
  }

  /** Scales by a power of two, which is exact, so that elements are near 1 and squares in range. */
  private static void scale(double[][] rows, int exponent) {
    for (double[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        row[j] = Math.scalb(row[j], exponent);
      }
    }
  }

  private static void reverse(double[] values, double[][] vectors) {
    int n = values.length;
    for (int k = 0; k < n / 2; k++) {
      double value = values[k];
      values[k] = values[n - 1 - k];
      values[n - 1 - k] = value;
      double[] vector = vectors[k];
      vectors[k] = vectors[n - 1 - k];
      vectors[n - 1 - k] = vector;
    }
  }

  /**
   * The matrix function f(A) = sum of f(values[k]) vectors[k] vectors[k]^T.
   *
   * @param f function of an eigenvalue
   * @param parallel runs the parallel parts
   * @return n x n symmetric matrix, row-major
   * @throws ArithmeticException if f gives NaN or an infinity
   */
  public double[] function(DoubleUnaryOperator f, Parallel parallel) {
    int n = values.length;
    double[] result = new double[n * n];
    function(f, parallel, (i, j, x) -> result[i * n + j] = x);
    return result;
  }

  /**
   * The matrix function of {@link #function}, computed in double precision and rounded to float.
   *
   * @param f function of an eigenvalue
   * @param parallel runs the parallel parts
   * @return n x n symmetric matrix, row-major
   * @throws ArithmeticException if f gives NaN or an infinity
   */
  public float[] functionAsFloat(DoubleUnaryOperator f, Parallel parallel) {
    int n = values.length;
    float[] result = new float[n * n];
    function(f, parallel, (i, j, x) -> result[i * n + j] = (float) x);
    return result;
  }

  private interface Sink {
    void set(int i, int j, double x);
  }

  private void function(DoubleUnaryOperator f, Parallel parallel, Sink sink) {
    int n = values.length;
    double[] mapped = Arrays.stream(values).map(f).toArray();
    for (int k = 0; k < n; k++) {
      if (!Double.isFinite(mapped[k])) {
        throw new ArithmeticException(
            String.format(
                Locale.ROOT,
                "The matrix function is %s at eigenvalue %s; use a function that is finite on the"
                    + " spectrum, for example with a larger epsilon.",
                mapped[k],
                values[k]));
      }
    }
    int bands = (n + BAND - 1) / BAND;
    parallel.run(
        bands,
        b -> {
          int from = (bands - 1 - b) * BAND; // the longest rows first
          int to = Math.min(from + BAND, n);
          double[][] c = new double[to - from][n];
          for (int k = 0; k < n; k++) {
            for (int i = from; i < to; i++) {
              c[i - from][k] = mapped[k] * vectors[k][i];
            }
          }
          double[][] band = new double[to - from][to];
          RowProduct.add(band, 0, band.length, c, vectors, n, 0, to);
          for (int i = from; i < to; i++) {
            for (int j = 0; j <= i; j++) {
              sink.set(i, j, band[i - from][j]);
              sink.set(j, i, band[i - from][j]);
            }
          }
        });
  }
}
