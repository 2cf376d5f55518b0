package org.fasthebb.engine.internal;

import org.fasthebb.engine.Tensor;

/**
 * Dropout whose mask is a function of seed and position, so that it needs no state and no memory.
 */
final class Dropout {
  private Dropout() {}

  static void apply(ThreadPool pool, Tensor x, float p, long seed, Tensor out) {
    float[] xs = x.storage().array();
    float[] os = out.storage().array();
    int xo = x.layout().offset();
    int oo = out.layout().offset();
    int n = x.size();
    long key = mix(seed);
    float scale = 1 / (1 - p);
    int batch = 8192;
    pool.run(
        (n + batch - 1) / batch,
        task -> {
          int end = Math.min(n, (task + 1) * batch);
          for (int i = task * batch; i < end; i++) {
            os[oo + i] = uniform(key, i) < p ? 0f : xs[xo + i] * scale;
          }
        });
  }

  /** Element i of a stream of uniform numbers in [0, 1). */
  private static float uniform(long key, long i) {
    return (mix(key + (i + 1) * 0x9E3779B97F4A7C15L) >>> 40) * 0x1p-24f;
  }

  /** The finaliser of splitmix64. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
