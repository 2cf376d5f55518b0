package org.fasthebb.engine.internal.cpu;

import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.runtime.ThreadPool;

/**
 * Dropout whose mask is a function of seed, step and position, so that it needs no state and no
 * memory.
 */
public final class Dropout {
  /** The step of splitmix64: 2^64 over the golden ratio. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Dropout() {}

  static void apply(ThreadPool pool, Tensor x, float p, long seed, Tensor step, Tensor out) {
    float[] xs = x.storage().array();
    float[] os = out.storage().array();
    int xo = x.layout().offset();
    int oo = out.layout().offset();
    int n = x.size();
    float[] steps = step.storage().array();
    float scale = 1 / (1 - p);
    int dropped = (int) Math.ceil(p * 0x1p24); // of the 2^24 numbers that may be drawn
    int batch = 8192;
    pool.run(
        (n + batch - 1) / batch,
        task -> {
          long t = (long) steps[step.layout().offset()];
          long key = mix(mix(seed) + (t + 1) * GOLDEN);
          int end = Math.min(n, (task + 1) * batch);
          for (int i = task * batch; i < end; i++) {
            int kept = ~((draw(key, i) - dropped) >> 31); // all ones or zeros: a branch would guess
            os[oo + i] = Float.intBitsToFloat(Float.floatToRawIntBits(xs[xo + i] * scale) & kept);
          }
        });
  }

  /** Element i of a stream of uniform integers of 24 bits. */
  private static int draw(long key, long i) {
    return (int) (mix(key + (i + 1) * GOLDEN) >>> 40);
  }

  /** The finaliser of splitmix64. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
