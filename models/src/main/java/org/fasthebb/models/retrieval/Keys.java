package org.fasthebb.models.retrieval;

/**
 * An image of the database and its similarity as one number: the smaller comes first. The upper
 * half falls as the similarity grows; the lower half is the index, which thus decides between equal
 * similarities.
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
   * Bits of a float as an integer in the same order, and back: of negative ones all but the sign is
   * turned.
   */
  private static int ascending(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }
}
