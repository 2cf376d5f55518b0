package org.fasthebb.models.retrieval;

/**
 * Packs an image's similarity and index into one long, so that sorting longs in ascending order
 * ranks images. The upper half falls as the similarity grows; the lower half is the index, which
 * decides between equal similarities.
 */
final class Keys {
  private Keys() {}

  static long of(float similarity, int index) {
    int falling = ~ascending(Float.floatToRawIntBits(similarity + 0f)); // -0 becomes 0
    return ((long) falling << 32) | index;
  }

  static int index(long key) {
    return (int) key;
  }

  static float similarity(long key) {
    return Float.intBitsToFloat(ascending(~(int) (key >> 32)));
  }

  /**
   * Maps the bits of a float to an integer of the same order, and back: negative floats get all
   * bits but the sign inverted.
   */
  private static int ascending(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }
}
