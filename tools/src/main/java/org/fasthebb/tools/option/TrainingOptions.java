package org.fasthebb.tools.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that pre-training and learning the labels have in common. */
public final class TrainingOptions {
  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Images per step. Default: 64; 32 in the network imagenet; 10 for pre-training by"
              + " softhebb.")
  private Integer batch;

  @Option(
      names = "--validation",
      paramLabel = "PERCENT",
      description =
          "Percent of the training images held out to find the best epoch; with 0 all images are"
              + " trained on and the last epoch counts. Default: 20%%.")
  private Percent validation;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of all random numbers. Default: "
              + Defaults.SEED
              + ", or the seed of the model to fine-tune.")
  private Long seed;

  @Mixin private OutOption out;

  private TrainingOptions() {}

  /** Refuses values that are out of range. */
  public void check(ToolCommand command) {
    Parameter.BATCH.check(command, batch);
    command.require(
        validation() >= 0 && validation() < 1,
        "--validation is " + validation + "; it must be at least 0% and below 100%");
  }

  /** Images per step; null for the default. */
  public Integer batch() {
    return batch;
  }

  /** The share of the training images that is held out, from 0 to 1. */
  public double validation() {
    return validation == null ? Settings.VALIDATION : validation.fraction();
  }

  /** The seed, or the default. */
  public long seed() {
    return seed(Long.parseLong(Defaults.SEED));
  }

  /** The seed, or another default. */
  public long seed(long instead) {
    return seed == null ? instead : seed;
  }

  /** The output folder, or a default one; see {@link OutOption#folder}. */
  public Path out(String name, List<String> unusual) {
    return out.folder(name, unusual);
  }

  /** These options as words of a command line. */
  public List<String> words(long actualSeed) {
    List<String> words = new ArrayList<>();
    if (batch != null) {
      words.addAll(List.of("--batch", batch.toString()));
    }
    if (validation != null) {
      words.addAll(List.of("--validation", validation.toString()));
    }
    words.addAll(List.of("--seed", Long.toString(actualSeed)));
    return words;
  }
}
