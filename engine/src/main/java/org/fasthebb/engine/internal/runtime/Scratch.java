package org.fasthebb.engine.internal.runtime;

import java.util.Arrays;

/**
 * Arrays of one thread, for one task at a time. They only grow, and their content is unspecified.
 * Each class that uses them numbers its own slots.
 */
public final class Scratch {
  private static final ThreadLocal<Scratch> LOCAL = ThreadLocal.withInitial(Scratch::new);

  private final float[][] floats = new float[4][0];
  private final int[][] ints = new int[3][0];
  private double[] doubles = {};

  private Scratch() {}

  public static Scratch get() {
    return LOCAL.get();
  }

  public float[] floats(int slot, int size) {
    if (floats[slot].length < size) {
      floats[slot] = new float[size];
    }
    return floats[slot];
  }

  /** As {@link #floats}, with the first {@code size} values set to zero. */
  public float[] zeros(int slot, int size) {
    float[] array = floats(slot, size);
    Arrays.fill(array, 0, size, 0f);
    return array;
  }

  public int[] ints(int slot, int size) {
    if (ints[slot].length < size) {
      ints[slot] = new int[size];
    }
    return ints[slot];
  }

  public double[] doubles(int size) {
    if (doubles.length < size) {
      doubles = new double[size];
    }
    return doubles;
  }
}
