package org.fasthebb.models.retrieval;

import java.util.Arrays;

/**
 * All of a row of similarities in order. A radix sort, since whole rankings of many queries are
 * wanted: its time does not grow faster than the row.
 */
final class Ranking {
  /** The 32 bits of a similarity in three digits; 2048 counters stay in the L1 cache. */
  private static final int DIGIT = 11;

  private static final int VALUES = 1 << DIGIT;
  private static final int DIGITS = 3;

  private final int[][] starts = new int[DIGITS][VALUES];
  private long[] keys;
  private long[] other;

  /** For rows of {@code count} similarities. */
  Ranking(int count) {
    keys = new long[count];
    other = new long[count];
  }

  /** The {@link Keys} of all similarities, in order, until the next call. */
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
      // From the lowest digit up, each time keeping the order of equal ones; the row came by index.
      for (long key : keys) {
        other[next[digit(key, d)]++] = key;
      }
      long[] sorted = other;
      other = keys;
      keys = sorted;
    }
    return keys;
  }

  /** A digit of the upper half of a key, whose sign is turned so that negative ones come first. */
  private static int digit(long key, int d) {
    return (int) ((key ^ Long.MIN_VALUE) >>> (32 + d * DIGIT)) & (VALUES - 1);
  }
}
