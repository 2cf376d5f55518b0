package org.fasthebb.engine;

/**
 * Counter-based random numbers: value {@code i} of stream {@code key} is a pure function of the
 * two, so it can be had in any order and on any thread (Steele, Lea and Flood, <em>Fast splittable
 * pseudorandom number generators</em>, 2014).
 */
public final class SplitMix64 {
  /** The distance of two inputs of {@link #mix}: 2^64 over the golden ratio. */
  public static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private SplitMix64() {}

  /** The finaliser, a bijection of 64-bit words with {@code mix(0) == 0}. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Value {@code index} (from 0) of stream {@code key}, as 64 random bits. */
  public static long bits(long key, long index) {
    return mix(mix(key) + (index + 1) * GOLDEN);
  }
}
