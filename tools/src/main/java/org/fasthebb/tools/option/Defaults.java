package org.fasthebb.tools.option;

import java.util.List;

/** What is used where no option says otherwise, chosen so that a plain run is over in minutes. */
public final class Defaults {
  /** Images that are drawn for {@code --data shapes}. */
  static final int SHAPES_TRAIN = 10_000;

  static final int SHAPES_TEST = 2_000;

  /** Of the drawn images: runs with different {@code --seed} see the same data, as with files. */
  static final long SHAPES_SEED = 0;

  static final String LABELS = "2%";
  static final String SEED = "0";

  private Defaults() {}

  /** Adds an option with a value to words of a command line, unless it is the usual value. */
  static void addUnlessUsual(List<String> words, String name, Number value, Number usual) {
    if (!value.equals(usual)) {
      words.addAll(List.of(name, value.toString()));
    }
  }
}
