package org.fasthebb.models.network;

import static org.fasthebb.engine.Contraction.contract;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;

/**
 * Standard normal numbers that are a function of seed, step and position, drawn where tensors live,
 * so that a recorded step draws new ones each time it is replayed.
 *
 * <p>Box-Muller: sqrt(-2 ln u) cos(2 pi v) with u in (0, 1) and v in [0, 1). Their binary digits
 * are what dropout leaves of ones; cosines are looked up. At most 5.8 in size.
 */
public final class NormalNoise {
  private static final int DIGITS_OF_U = 23;
  private static final int DIGITS_OF_V = 16;

  private final long seed;

  /**
   * What a digit that was not dropped, which is 2, adds to u (first row) and to 2^16 v (second).
   */
  private final Tensor worth;

  private final Tensor cosines;

  /** A source of noise; it must be made outside of any recorded step. */
  public NormalNoise(Backend backend, long seed) {
    this.seed = seed;
    int digits = DIGITS_OF_U + DIGITS_OF_V;
    float[] values = new float[2 * digits];
    for (int i = 0; i < DIGITS_OF_U; i++) {
      values[i] = (float) Math.scalb(0.5, -1 - i);
    }
    for (int i = 0; i < DIGITS_OF_V; i++) {
      values[digits + DIGITS_OF_U + i] = (float) Math.scalb(0.5, i);
    }
    worth = backend.of(values, 2, digits);
    float[] circle = new float[1 << DIGITS_OF_V];
    for (int i = 0; i < circle.length; i++) {
      circle[i] = (float) StrictMath.cos(2 * Math.PI * i / circle.length);
    }
    cosines = backend.of(circle, circle.length);
  }

  /**
   * Noise (rows, columns), from the open scope.
   *
   * @param step a whole number (1); another one for each draw
   */
  public Tensor draw(Tensor step, int rows, int columns) {
    Backend backend = worth.backend();
    int n = rows * columns;
    Tensor digits = backend.empty(n, worth.size(1)).fill(1);
    backend.device().dropout(digits, 0.5f, seed, step, digits);
    Tensor drawn = contract("js,ns->jn", worth, digits); // exact, in TF32 too: powers of two
    Tensor u = drawn.slice(0, 0, 1).reshape(n).plus(0x1p-24f); // never 0 nor 1
    Tensor cosine = backend.empty(n);
    backend.indexSelect(cosines, drawn.slice(0, 1, 2).reshape(n), cosine);
    return u.log().timesAssign(-2).sqrt().timesAssign(cosine).reshape(rows, columns);
  }
}
