package org.fasthebb.models.retrieval;

import java.util.Arrays;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * Features (images, F) and the |x|^2 of each row, which are finite.
 *
 * <p>A direction does not depend on the norm, but in float32 squares vanish for norms below 1e-19
 * or so, and are infinite for norms above 1e19. For cosines such rows are multiplied by a power of
 * two, which rounds nothing; |x|^2 is then that of the multiplied row. All other rows are used as
 * they are.
 */
final class FeatureRows {
  /** The |x|^2 of rows that need no factor. Products of two such rows have digits to spare, too. */
  private static final float LEAST = 0x1p-80f;

  private static final float MOST = 0x1p80f;

  /** The largest exponent of a factor, so that the factor and its inverse are in range. */
  private static final int LARGEST_EXPONENT = 100;

  private final Tensor features;
  private final float[] squares;

  /** What each row is multiplied by; null if it is 1 for all. */
  private float[] factors;

  /**
   * Rows for a distance.
   *
   * @param what a row is, for a message
   * @param where it is
   * @throws IllegalArgumentException if features are not finite, or their squares are not and have
   *     to be
   */
  FeatureRows(Tensor features, Distance distance, String what, String where) {
    this.features = features;
    try (Scope _ = features.backend().scope()) {
      squares = features.sumOfSquares(1).toArray();
    }
    float[] row = new float[features.size(1)];
    for (int i = 0; i < squares.length; i++) {
      boolean fits = squares[i] >= LEAST && squares[i] <= MOST;
      if (distance == Distance.COSINE && !fits) {
        features.slice(0, i, i + 1).read(row);
        scale(i, row);
      }
      if (!Float.isFinite(squares[i])) {
        throw new IllegalArgumentException(
            what
                + " "
                + i
                + " of the "
                + where
                + " has features that are not finite, or too large to be squared; the network they"
                + " come from may have diverged");
      }
    }
  }

  /** Chooses the factor of a row by its largest feature. */
  private void scale(int i, float... row) {
    float largest = 0;
    for (float value : row) {
      largest = Math.max(largest, Math.abs(value));
    }
    if (largest == 0 || !Float.isFinite(largest)) {
      squares[i] = largest;
      return;
    }
    int exponent = Math.clamp(-Math.getExponent(largest), -LARGEST_EXPONENT, LARGEST_EXPONENT);
    double sum = 0;
    for (float value : row) {
      double scaled = Math.scalb((double) value, exponent);
      sum += scaled * scaled;
    }
    squares[i] = (float) sum;
    if (factors == null) {
      factors = new float[squares.length];
      Arrays.fill(factors, 1f);
    }
    factors[i] = Math.scalb(1f, exponent);
  }

  /** |x|^2 of each row. */
  float[] squares() {
    return squares;
  }

  /** Rows from .. to-1, from the open scope if they are multiplied. */
  Tensor slice(int from, int to) {
    Tensor rows = features.slice(0, from, to);
    if (factors == null) {
      return rows;
    }
    Backend backend = features.backend();
    Tensor by = backend.empty(to - from, 1);
    by.write(Arrays.copyOfRange(factors, from, to));
    return rows.times(by);
  }
}
