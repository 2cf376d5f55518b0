package org.fasthebb.models.protocol;

/**
 * All that determines an experiment besides the data.
 *
 * @param pretrain how to learn without labels
 * @param readOut how to learn the labels
 * @param validation part of the training images that is held out to tell which epoch is best, at
 *     least 0 and below 1; with none the last epoch counts
 * @param seed of everything random
 */
public record Settings(
    PretrainSettings pretrain, ReadOutSettings readOut, double validation, long seed) {
  /** The paper's part for validation. */
  public static final double VALIDATION = 0.2;

  /** Checks the ranges. */
  public Settings {
    Ranges.require(
        validation >= 0 && validation < 1, "validation", validation, "at least 0 and below 1");
  }

  /** With the paper's part for validation. */
  public Settings(PretrainSettings pretrain, ReadOutSettings readOut, long seed) {
    this(pretrain, readOut, VALIDATION, seed);
  }

  /** Which of so many training images are for what. */
  public Split split(int images) {
    return Split.of(images, validation, readOut.labels(), seed);
  }

  /** What pre-training depends on. */
  String pretrainingIdentity(String data) {
    return pretrain.identity(data, seed)
        + (validation == VALIDATION ? "" : " validation=" + validation);
  }

  /** What the whole experiment depends on. */
  public String identity(String data) {
    return pretrainingIdentity(data) + readOut.identity(pretrain.batch());
  }
}
