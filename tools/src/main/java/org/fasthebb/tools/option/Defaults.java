package org.fasthebb.tools.option;

import java.util.List;
import org.fasthebb.models.protocol.Settings.Rule;

/** What is used where no option says otherwise, chosen so that a plain run is over in minutes. */
public final class Defaults {
  /** Images that are drawn for {@code --data shapes}. */
  static final int SHAPES_TRAIN = 10_000;

  static final int SHAPES_TEST = 2_000;

  /** Of the drawn images: runs with different {@code --seed} see the same data, as with files. */
  static final long SHAPES_SEED = 0;

  /** Images of a folder are brought to this side, the one that the small network wants. */
  static final int SIDE = 32;

  static final String LABELS = "2%";
  public static final String FINE_TUNE_EPOCHS = "20";
  static final String BATCH = "64";
  public static final String SEED = "0";
  static final int EPOCHS_HPCA = 4;
  static final int EPOCHS_SWTA = 1;
  static final int EPOCHS_VAE = 4;

  private Defaults() {}

  /** Epochs of pre-training by a rule. */
  static int epochs(Rule rule) {
    return switch (rule) {
      case HPCA -> EPOCHS_HPCA;
      case SWTA -> EPOCHS_SWTA;
      case VAE -> EPOCHS_VAE;
      case NONE, FROZEN, SUPERVISED -> 0;
    };
  }

  /**
   * Adds an option with a value to words of a command line, if it is not what goes without saying.
   */
  static void addUnlessUsual(List<String> words, String name, float value, float usual) {
    if (value != usual) {
      words.addAll(List.of(name, Float.toString(value)));
    }
  }
}
