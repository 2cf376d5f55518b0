package org.fasthebb.tools.option;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.learn.Schedule;
import org.fasthebb.models.protocol.Hyperparameters;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Option;

/** How to fine-tune. */
public final class FineTuneOptions {
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

  public void check(ToolCommand command) {
    Parameter.FINE_TUNE_EPOCHS.check(command, epochs);
    Parameter.RATE.check(command, rate);
    Parameter.DECAY.check(command, decay);
    Parameter.DROPOUT.check(command, dropout);
  }

  public Percent labels() {
    return labels;
  }

  public int epochs() {
    return epochs;
  }

  public Schedule schedule() {
    return schedule;
  }

  /** {@code others} with those of these options. */
  public Hyperparameters over(Hyperparameters others) {
    return others.withFineTuning(rate, decay, dropout);
  }

  /** These options again. */
  public List<String> words() {
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
