package org.fasthebb.models.protocol;

/** Refuses numbers that are out of range. */
final class Ranges {
  private Ranges() {}

  static void require(boolean fine, String name, Number value, String range) {
    if (!fine) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be " + range);
    }
  }
}
