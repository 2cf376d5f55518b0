package org.fasthebb.models.inputs;

import static org.fasthebb.engine.Contraction.contract;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.linalg.InverseSquareRoot;

/**
 * The sum of x x^T over vectors x of S values, added up block by block in double precision.
 *
 * <p>The matrix is symmetric, so each strip of columns is computed only from the diagonal down:
 * little more than half of the products.
 */
public final class SecondMoments {
  /** Columns per strip: fewer waste less above the diagonal, more make longer products. */
  private static final int STRIP = 512;

  private final Backend backend;
  private final int s;
  private final double[] sums;
  private final float[][] strips;

  /** Starts with a sum of zero, for vectors of {@code s} values. */
  public SecondMoments(Backend backend, int s) {
    this.backend = backend;
    this.s = s;
    sums = new double[Math.multiplyExact(s, s)];
    strips = new float[(s + STRIP - 1) / STRIP][];
  }

  /** Adds vectors x (b, S). */
  public void add(Tensor x) {
    for (int strip = 0; strip < strips.length; strip++) {
      int from = strip * STRIP;
      int to = Math.min(s, from + STRIP);
      try (Scope _ = backend.scope()) {
        Tensor products = contract("bs,bt->st", x.slice(1, from, s), x.slice(1, from, to));
        if (strips[strip] == null) {
          strips[strip] = new float[products.size()];
        }
        products.read(strips[strip]);
        add(strips[strip], from, to - from);
      }
    }
  }

  /** Adds products (S - from, width), whose first one is at (from, from). */
  private void add(float[] products, int from, int width) {
    backend.parallel(
        s - from,
        row -> {
          int at = (from + row) * s + from;
          for (int column = 0; column < width; column++) {
            sums[at + column] += products[row * width + column];
          }
        });
  }

  /**
   * The matrix (A + epsilon I)^-1/2, which whitens vectors of covariances A.
   *
   * @param covariances (S, S), row-major
   * @throws ArithmeticException if epsilon is less than rounding errors in A
   */
  public static Tensor whitening(Backend backend, double[] covariances, double epsilon) {
    int s = (int) Math.sqrt(covariances.length);
    double[][] rows = InverseSquareRoot.of(covariances, s, epsilon, backend::parallel);
    float[] z = new float[s * s];
    for (int i = 0; i < s; i++) {
      for (int j = 0; j < s; j++) {
        z[i * s + j] = (float) rows[i][j];
      }
    }
    return backend.of(z, s, s);
  }

  /** The sum times a factor, (S, S), row-major. Add nothing after this call. */
  public double[] times(double factor) {
    backend.parallel(
        s,
        row -> {
          for (int column = 0; column <= row; column++) {
            sums[row * s + column] *= factor;
          }
        });
    backend.parallel(
        s,
        row -> {
          for (int column = row + 1; column < s; column++) {
            sums[row * s + column] = sums[column * s + row];
          }
        });
    return sums;
  }
}
