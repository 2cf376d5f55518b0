package org.fasthebb.tools;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.train.Hyperparameters;
import org.fasthebb.models.train.Schedule;
import org.fasthebb.tools.search.Parameter;
import picocli.CommandLine.Option;

/** How to fine-tune. */
final class FineTuneOptions {
  @Option(
      names = "--labels",
      paramLabel = "PERCENT",
      defaultValue = Defaults.LABELS,
      description =
          "How many of the training images have labels, in percent: 1%% and 1 both are one in a"
              + " hundred. Default: ${DEFAULT-VALUE}.")
  private Percent labels;

  @Option(
      names = "--fine-tune-epochs",
      paramLabel = "N",
      defaultValue = Defaults.FINE_TUNE_EPOCHS,
      description = "Epochs of fine-tuning. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "code",
      description =
          "How the learning rate falls after the tenth epoch: halved every epoch (code, as the"
              + " authors' code does) or every second one (paper). Default: ${DEFAULT-VALUE}.")
  private Schedule schedule;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description = "Learning rate of fine-tuning in its first ten epochs. Default: 0.001.")
  private float rate = Hyperparameters.AUTHORS.rate();

  @Option(
      names = "--decay",
      paramLabel = "L2",
      description = "Weight decay of fine-tuning. Default: 0.05, the authors' for CIFAR-10.")
  private float decay = Hyperparameters.AUTHORS.decay();

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Dropout in front of the classifier, from 0 to below 1. Default: 0.5.")
  private float dropout = Hyperparameters.AUTHORS.dropout();

  private FineTuneOptions() {}

  void check(ToolCommand command) {
    command.require(Parameter.FINE_TUNE_EPOCHS, epochs);
    command.require(Parameter.RATE, rate);
    command.require(Parameter.DECAY, decay);
    command.require(Parameter.DROPOUT, dropout);
  }

  Percent labels() {
    return labels;
  }

  int epochs() {
    return epochs;
  }

  Schedule schedule() {
    return schedule;
  }

  /** {@code others} with those of these options. */
  Hyperparameters over(Hyperparameters others) {
    return others.withFineTuning(rate, decay, dropout);
  }

  /** These options again. */
  List<String> words() {
    List<String> words =
        new ArrayList<>(
            List.of(
                "--labels",
                labels.toString(),
                "--fine-tune-epochs",
                Integer.toString(epochs),
                "--schedule",
                Text.name(schedule)));
    Hyperparameters authors = Hyperparameters.AUTHORS;
    Defaults.addUnlessUsual(words, "--rate", rate, authors.rate());
    Defaults.addUnlessUsual(words, "--decay", decay, authors.decay());
    Defaults.addUnlessUsual(words, "--dropout", dropout, authors.dropout());
    return words;
  }
}
