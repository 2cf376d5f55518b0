package org.fasthebb.models.random;

import org.fasthebb.engine.SplitMix64;

/**
 * Counter-based random numbers (splitmix64): value {@code i} of stream {@code key} is a pure
 * function of the two, so it can be had in any order and on any thread, and is the same everywhere.
 *
 * <p>The static methods address a value by its index; an instance walks one stream from index 0.
 * Give each purpose its own stream: {@link #key} derives the key of a sub-stream, and chains, as in
 * {@code key(key(seed, TEST), image)}. A key that has sub-streams should not also be drawn from,
 * since its values are the keys of those sub-streams.
 *
 * <p>An instance is not safe for use by several threads.
 */
public final class Rng {

  private final long start;
  private long index;

  /** A walk of stream {@code key} from its value 0; any key is as good as another. */
  public Rng(long key) {
    start = SplitMix64.mix(key);
  }

  /** Value {@code index} (from 0) of stream {@code key}: the top 24 bits, uniform in [0, 1). */
  public static float uniform(long key, long index) {
    return (SplitMix64.bits(key, index) >>> 40) * 0x1p-24f;
  }

  /** The key of sub-stream {@code purpose} of {@code key}. */
  public static long key(long key, long purpose) {
    return SplitMix64.bits(key, purpose);
  }

  /** The next 64 random bits. */
  public long nextLong() {
    return SplitMix64.mix(start + ++index * SplitMix64.GOLDEN);
  }

  /** The next uniform in [0, 1), with 24 random bits. */
  public float nextUniform() {
    return (nextLong() >>> 40) * 0x1p-24f;
  }

  /**
   * The next uniform integer in [0, bound), without bias; takes one value, rarely more.
   *
   * @throws IllegalArgumentException if {@code bound} is below 1
   */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be at least 1, but is " + bound + ".");
    }
    while (true) {
      long draw = nextLong() >>> 1;
      long rest = draw % bound;
      // The sum overflows only in the last, incomplete run of `bound` values, which would be
      // biased.
      if (draw - rest + (bound - 1) >= 0) {
        return (int) rest;
      }
    }
  }

  /** The next standard normal (Box-Muller, at most 5.8 in size); takes two values. */
  public double nextGaussian() {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - (double) nextUniform()));
    return radius * StrictMath.cos(2 * Math.PI * nextUniform());
  }

  /** Puts {@code items} in random order, in place (Fisher-Yates, from the end). */
  public void shuffle(int[] items) {
    for (int i = items.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
  }
}
