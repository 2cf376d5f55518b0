package org.fasthebb.models.protocol;

import java.util.Map;
import java.util.Optional;

/**
 * How the paper's authors use one of its data sets. Of ImageNet's training images they leave 31,167
 * unused.
 *
 * @param training images that are trained on
 * @param validation images that are held out
 * @param decay L2 penalty of fine-tuning
 */
public record PaperData(int training, int validation, float decay) {
  private static final Map<String, PaperData> ALL =
      Map.of(
          "cifar10", new PaperData(40_000, 10_000, 5e-2f),
          "cifar100", new PaperData(40_000, 10_000, 1e-2f),
          "tiny-imagenet", new PaperData(90_000, 10_000, 5e-3f),
          "imagenet", new PaperData(1_200_000, 50_000, 1e-3f));

  /** The use of a data set of this name, if the paper has it. */
  public static Optional<PaperData> named(String data) {
    return Optional.ofNullable(ALL.get(data));
  }

  /** Training and validation images. */
  public int images() {
    return training + validation;
  }

  /** The part of these images that is held out. */
  public double share() {
    return validation / (double) images();
  }
}
