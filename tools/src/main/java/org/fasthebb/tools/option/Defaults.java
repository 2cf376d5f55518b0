package org.fasthebb.tools.option;

import java.util.List;

/** The defaults of options, chosen so that a run without options takes minutes. */
public final class Defaults {
  /** Training images that {@code --data shapes} generates. */
  static final int SHAPES_TRAIN = 10_000;

  static final int SHAPES_TEST = 2_000;

  /** The seed of the shapes, independent of {@code --seed}: all runs see the same data. */
  static final long SHAPES_SEED = 0;

  static final String LABELS = "2%";
  static final String SEED = "0";

  private Defaults() {}

  /** Adds an option and its value to words of a command line, unless it is the default value. */
  static void addUnlessUsual(List<String> words, String name, Number value, Number usual) {
    if (!value.equals(usual)) {
      words.addAll(List.of(name, value.toString()));
    }
  }
}
