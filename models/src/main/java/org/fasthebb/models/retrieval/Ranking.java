package org.fasthebb.models.retrieval;

import java.util.Arrays;

/**
 * Sorts a whole row of similarities. It is a radix sort, because its time is linear in the length
 * of the row.
 */
final class Ranking {
  /** The 32 bits of a similarity in three digits; 2048 counters stay in the L1 cache. */
  private static final int DIGIT = 11;

  private static final int VALUES = 1 << DIGIT;
  private static final int DIGITS = 3;

  private final int[][] starts = new int[DIGITS][VALUES];
  private long[] keys;
  private long[] other;

  /** A sorter of rows of {@code count} similarities. */
  Ranking(int count) {
    keys = new long[count];
    other = new long[count];
  }

  /** The {@link Keys} of all similarities, in order; valid until the next call. */
  long[] sort(float[] similarities, int from) {
    for (int[] counts : starts) {
      Arrays.fill(counts, 0);
    }
    for (int i = 0; i < keys.length; i++) {
      long key = Keys.of(similarities[from + i], i);
      keys[i] = key;
      for (int d = 0; d < DIGITS; d++) {
        starts[d][digit(key, d)]++;
      }
    }
    for (int d = 0; d < DIGITS; d++) {
      int[] next = starts[d];
      int sum = 0;
      for (int value = 0; value < VALUES; value++) {
        int count = next[value];
        next[value] = sum;
        sum += count;
      }
      // Each pass, from the lowest digit up, is stable, and the row starts in order of index.
      for (long key : keys) {
        other[next[digit(key, d)]++] = key;
      }
      long[] sorted = other;
      other = keys;
      keys = sorted;
    }
    return keys;
  }

  /**
   * A digit of the upper half of a key, with the sign bit inverted so that negative keys come
   * first.
   */
  private static int digit(long key, int d) {
    return (int) ((key ^ Long.MIN_VALUE) >>> (32 + d * DIGIT)) & (VALUES - 1);
  }
}
