package org.fasthebb.models.protocol;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.network.Architecture;

/**
 * All settings of an experiment. With the data they determine its result.
 *
 * @param pretrain settings of learning without labels
 * @param readOut settings of learning the labels
 * @param validation the part of the training images held out to find the best epoch, at least 0 and
 *     below 1; with 0 the last epoch counts
 * @param images the most training images to use, validation among them; the authors leave 31,167 of
 *     ImageNet's unused. 0 for all
 * @param seed of everything random
 * @param labelSet which training images have the labels: pre-training and the images held out are
 *     the same for all sets of labels, which are numbered from 0
 */
public record Settings(
    PretrainSettings pretrain,
    ReadOutSettings readOut,
    double validation,
    int images,
    long seed,
    int labelSet) {
  /** The part that the paper holds out for validation. */
  public static final double VALIDATION = 0.2;

  /** Checks the ranges. */
  public Settings {
    Ranges.require(
        validation >= 0 && validation < 1, "validation", validation, "at least 0 and below 1");
    Ranges.require(images >= 0, "images", images, "at least 0");
    Ranges.require(labelSet >= 0, "label-set", labelSet, "at least 0");
  }

  /** Settings with the first set of labels. */
  public Settings(
      PretrainSettings pretrain,
      ReadOutSettings readOut,
      double validation,
      int images,
      long seed) {
    this(pretrain, readOut, validation, images, seed, 0);
  }

  /** Settings that use all images. */
  public Settings(
      PretrainSettings pretrain, ReadOutSettings readOut, double validation, long seed) {
    this(pretrain, readOut, validation, 0, seed);
  }

  /** Settings that hold out the same part for validation as the paper. */
  public Settings(PretrainSettings pretrain, ReadOutSettings readOut, long seed) {
    this(pretrain, readOut, VALIDATION, seed);
  }

  /** A copy of these settings with the naive form of the rule. */
  public Settings inNaiveForm() {
    return new Settings(pretrain.inNaiveForm(), readOut, validation, images, seed, labelSet);
  }

  /** A copy of these settings with another set of labels. */
  public Settings withLabelSet(int other) {
    return new Settings(pretrain, readOut, validation, images, seed, other);
  }

  /** How many of {@code size} training images are used, validation among them. */
  public int used(int size) {
    return images == 0 ? size : Math.min(size, images);
  }

  /** Splits {@code size} training images into training, validation and labelled ones. */
  public Split split(int size) {
    int used = used(size);
    return Split.of(size, used, (int) (validation * used), readOut.labels(), seed, labelSet);
  }

  /** Everything that pre-training depends on but for kernels, as an {@link Identity}. */
  String pretrainingIdentity(String data) {
    return pretrain.identity(data, seed)
        + (validation == VALIDATION ? "" : " validation=" + validation)
        + (images == 0 ? "" : " images=" + images);
  }

  /**
   * Everything that the experiment depends on but for kernels, as an {@link Identity}.
   *
   * @param data name and fingerprint of the data
   */
  public String identity(String data) {
    return pretrainingIdentity(data)
        + readOut.identity(pretrain)
        + (labelSet == 0 ? "" : " label_set=" + labelSet);
  }

  /**
   * The settings of pre-training that are not the defaults of the method and the network, as words
   * such as {@code epochs=0}. The seed is not among them.
   */
  public List<String> unusualPretraining() {
    return words(usual().pretrainingIdentity(""), pretrainingIdentity(""));
  }

  /**
   * All settings that are not the defaults, as words such as {@code epochs=0}. Neither the seed nor
   * the labels are among them.
   */
  public List<String> unusual() {
    List<String> words = new ArrayList<>();
    if (readOut.readOut() != pretrain.method().readOut()) {
      words.add("read-out=" + readOut.readOut());
    }
    words.addAll(words(usual().identity(""), identity("")));
    return words;
  }

  private Settings usual() {
    Architecture network = pretrain.architecture();
    ReadOutSettings how = ReadOutSettings.of(readOut.readOut(), readOut.labels(), network);
    return new Settings(PretrainSettings.of(pretrain.method(), network), how, seed);
  }

  private static List<String> words(String usual, String own) {
    String defaultNetwork = usual.replaceFirst(" architecture=\\S+", ""); // another one is unusual
    return Identity.differences(defaultNetwork, own).stream()
        .map(Identity.Difference::word)
        .filter(word -> !word.equals("no-read-out-batch")) // it is the batch of pre-training
        .toList();
  }
}
