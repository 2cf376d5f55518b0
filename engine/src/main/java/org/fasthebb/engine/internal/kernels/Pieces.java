package org.fasthebb.engine.internal.kernels;

import java.util.Arrays;

/**
 * Where the values of a row are in memory and where they go in panels. A row is cut into pieces of
 * contiguous values, none longer than a vector and none across two panels. Each thread reuses one
 * instance for all that it packs.
 */
public final class Pieces {
  private int[] starts = new int[16];
  private int[] targets = new int[16];
  private int[] lengths = new int[16];
  private int count;
  private int reach;

  /**
   * Cuts columns first .. end-1, which are at {@code offsets}, into pieces of at most {@code
   * longest}, for panels of {@code width} columns and {@code depth} rows.
   */
  public Pieces cut(int[] offsets, int first, int end, int width, int depth, int longest) {
    count = 0;
    reach = 0;
    for (int i = first; i < end; ) {
      int most = Math.min(Math.min(longest, width - i % width), end - i);
      int length = 1;
      while (length < most && offsets[i + length] == offsets[i] + length) {
        length++;
      }
      add(offsets[i], i / width * width * depth + i % width, length);
      i += length;
    }
    return this;
  }

  private void add(int start, int target, int length) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      targets = Arrays.copyOf(targets, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    starts[count] = start;
    targets[count] = target;
    lengths[count++] = length;
    reach = Math.max(reach, start);
  }

  /** How many pieces there are. */
  public int count() {
    return count;
  }

  /** Where pieces start, counted from the row's base, in an array that may be longer. */
  public int[] starts() {
    return starts;
  }

  /**
   * Where pieces go, counted from the row's start in the first panel, in an array that may be
   * longer.
   */
  public int[] targets() {
    return targets;
  }

  /** Lengths of pieces, in an array that may be longer. */
  public int[] lengths() {
    return lengths;
  }

  /** Start of the last piece. */
  int reach() {
    return reach;
  }

  /** Copies one row's pieces and nothing else. */
  void copy(float[] src, int from, float[] dst, int to) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(src, from + starts[i], dst, to + targets[i], lengths[i]);
    }
  }
}
