package org.fasthebb.tools.derive.algebra;

import java.util.Locale;

/**
 * What an axis of a tensor counts. B, N and S are the paper's. The axes of a result stand in this
 * order.
 */
public enum NamedAxis {
  /** Shards that the batch is cut into. */
  G("G", "shards"),
  /** Images. */
  U("U", "images"),
  /** Rows of an image. */
  P("P", "rows of an image"),
  /** Columns of an image. */
  Q("Q", "columns of an image"),
  /** Rows of an output. */
  Y("Y", "rows of an output"),
  /** Columns of an output. */
  X("X", "columns of an output"),
  /** Patches of all images of a batch. */
  B("B", "patches"),
  /** Pixels of all images of a batch. */
  D("D", "pixels of all images"),
  /** Blocks that the neurons are cut into. */
  K("N/K", "blocks of neurons"),
  /** Neurons. */
  N("N", "neurons"),
  /** Neurons once more, where an equation has two: the paper's n'. */
  M("N", "neurons"),
  /** Rows of a patch. */
  I("I", "rows of a patch"),
  /** Columns of a patch. */
  J("J", "columns of a patch"),
  /** Values of all output channels that a pixel takes part in. */
  T("T", "outputs that see a pixel"),
  /** Channels of an image. */
  C("C", "channels"),
  /** Values of a patch. */
  S("S", "values of a patch");

  private final String size;
  private final String counts;

  NamedAxis(String size, String counts) {
    this.size = size;
    this.counts = counts;
  }

  /** The axis of a letter: B for b. */
  public static NamedAxis of(int letter) {
    return valueOf(Character.toString(letter).toUpperCase(Locale.ROOT));
  }

  /** The size as a formula has it; N for both axes of neurons. */
  public String size() {
    return size;
  }

  /** What it counts, in words. */
  public String counts() {
    return counts;
  }

  /** The axis that this one is a part of: b for shards g, n for blocks k; null for others. */
  public NamedAxis whole() {
    return switch (this) {
      case G -> B;
      case K -> N;
      default -> null;
    };
  }

  /** The letter of an index on this axis. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
