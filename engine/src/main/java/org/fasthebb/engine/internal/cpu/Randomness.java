package org.fasthebb.engine.internal.cpu;

import org.fasthebb.engine.SplitMix64;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.runtime.ThreadPool;

/**
 * Random numbers of 24 bits, and dropout by them. Each number is a function of seed, step and
 * position, so that neither state nor memory is needed.
 */
final class Randomness {
  private static final int TASK = 8192;

  private final ThreadPool pool;

  Randomness(ThreadPool pool) {
    this.pool = pool;
  }

  /** See {@link org.fasthebb.engine.Device#dropout}. */
  void dropout(Tensor x, float p, long seed, Tensor step, Tensor out) {
    float[] xs = x.storage().array();
    float[] steps = step.storage().array();
    int so = step.layout().offset();
    float[] os = out.storage().array();
    int xo = x.layout().offset();
    int oo = out.layout().offset();
    int n = x.size();
    float scale = 1 / (1 - p);
    int dropped = (int) Math.ceil(p * 0x1p24); // of the 2^24 numbers that may be drawn
    pool.run(
        Math.ceilDiv(n, TASK),
        task -> {
          long key = SplitMix64.bits(seed, (long) steps[so]); // read anew each time it is replayed
          int end = (int) Math.min(n, (task + 1L) * TASK);
          for (int i = task * TASK; i < end; i++) {
            int kept = ~((draw(key, i) - dropped) >> 31); // all ones or zeros, without a branch
            os[oo + i] = Float.intBitsToFloat(Float.floatToRawIntBits(xs[xo + i] * scale) & kept);
          }
        });
  }

  /** See {@link org.fasthebb.engine.Device#uniform}. */
  void uniform(long seed, Tensor step, Tensor out) {
    float[] steps = step.storage().array();
    int so = step.layout().offset();
    float[] os = out.storage().array();
    int oo = out.layout().offset();
    int n = out.size();
    pool.run(
        Math.ceilDiv(n, TASK),
        task -> {
          long key = SplitMix64.bits(seed, (long) steps[so]); // read anew each time it is replayed
          int end = (int) Math.min(n, (task + 1L) * TASK);
          for (int i = task * TASK; i < end; i++) {
            os[oo + i] = draw(key, i) * 0x1p-24f;
          }
        });
  }

  /** Element i of a stream of uniform integers of 24 bits. */
  private static int draw(long key, long i) {
    return (int) (SplitMix64.mix(key + (i + 1) * SplitMix64.GOLDEN) >>> 40);
  }
}
