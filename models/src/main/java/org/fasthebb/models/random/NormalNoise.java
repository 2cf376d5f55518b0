package org.fasthebb.models.random;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;

/**
 * Standard normal numbers that are a function of seed, step and position. They are drawn on the
 * device, so a recorded step draws new ones each time it is replayed.
 *
 * <p>The method is Box-Muller: sqrt(-2 ln u) cos(2 pi v) with u in (0, 1] and v in [0, 1), with a
 * table of cosines. No number is larger than 5.9 in size.
 */
public final class NormalNoise {
  private static final int ANGLES = 1 << 16;

  private final long seed;
  private final Tensor cosines;

  /** A source of noise. Create it outside of any recorded step. */
  public NormalNoise(Backend backend, long seed) {
    this.seed = seed;
    float[] circle = new float[ANGLES];
    for (int i = 0; i < circle.length; i++) {
      circle[i] = (float) StrictMath.cos(2 * Math.PI * i / circle.length);
    }
    cosines = backend.of(circle, circle.length);
  }

  /**
   * Noise (rows, columns); the open scope owns the tensor.
   *
   * @param step a whole number (1); different steps give different noise
   */
  public Tensor draw(Tensor step, int rows, int columns) {
    Backend backend = cosines.backend();
    int n = rows * columns;
    Tensor uniform = backend.empty(2, n).uniformAssign(seed, step);
    Tensor u = uniform.slice(0, 0, 1).reshape(n).plus(0x1p-25f); // never 0
    Tensor angles = uniform.slice(0, 1, 2).reshape(n).times(ANGLES); // the whole part counts
    Tensor cosine = backend.empty(n);
    backend.indexSelect(cosines, angles, cosine);
    return u.log().timesAssign(-2).sqrt().timesAssign(cosine).reshape(rows, columns);
  }
}
