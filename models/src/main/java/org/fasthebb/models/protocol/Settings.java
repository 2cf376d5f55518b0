package org.fasthebb.models.protocol;

/**
 * All settings of an experiment. With the data they determine its result.
 *
 * @param pretrain settings of learning without labels
 * @param readOut settings of learning the labels
 * @param validation the part of the training images held out to find the best epoch, at least 0 and
 *     below 1; with 0 the last epoch counts
 * @param seed of everything random
 */
public record Settings(
    PretrainSettings pretrain, ReadOutSettings readOut, double validation, long seed) {
  /** The part that the paper holds out for validation. */
  public static final double VALIDATION = 0.2;

  /** Checks the ranges. */
  public Settings {
    Ranges.require(
        validation >= 0 && validation < 1, "validation", validation, "at least 0 and below 1");
  }

  /** Settings that hold out the same part for validation as the paper. */
  public Settings(PretrainSettings pretrain, ReadOutSettings readOut, long seed) {
    this(pretrain, readOut, VALIDATION, seed);
  }

  /** Splits {@code images} training images into training, validation and labelled ones. */
  public Split split(int images) {
    return Split.of(images, validation, readOut.labels(), seed);
  }

  /** Everything that pre-training depends on, as text that identifies it. */
  String pretrainingIdentity(String data) {
    return pretrain.identity(data, seed)
        + (validation == VALIDATION ? "" : " validation=" + validation);
  }

  /** Everything that the experiment depends on, as text that identifies it. */
  public String identity(String data) {
    return pretrainingIdentity(data) + readOut.identity(pretrain.batch());
  }
}
