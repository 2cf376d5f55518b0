package org.fasthebb.tools;

import java.util.List;
import org.fasthebb.models.train.Schedule;
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

  private FineTuneOptions() {}

  void check(ToolCommand command) {
    command.require(epochs >= 1, "--fine-tune-epochs is " + epochs + "; it must be at least 1");
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

  /** These options again. */
  List<String> words() {
    return List.of(
        "--labels",
        labels.toString(),
        "--fine-tune-epochs",
        Integer.toString(epochs),
        "--schedule",
        Text.name(schedule));
  }
}
