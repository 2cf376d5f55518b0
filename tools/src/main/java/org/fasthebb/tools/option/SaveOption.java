package org.fasthebb.tools.option;

import org.fasthebb.models.learn.SavePace;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Option;

/** Option: how often training is saved. It changes no result. */
public final class SaveOption {
  @Option(
      names = "--save-every",
      paramLabel = "MINUTES",
      description =
          "Save the state of training after this many minutes of work, in the middle of an epoch"
              + " too; an interrupted run loses at most as much. 0 saves after every step. Default:"
              + " 20 seconds or, if a save of a large network takes long, 50 times as long as it"
              + " takes.")
  private Double minutes;

  private SaveOption() {}

  public void check(ToolCommand command) {
    // Written so that NaN fails too.
    command.require(
        minutes == null || minutes >= 0, "--save-every is " + minutes + "; it must be at least 0");
  }

  /** How often to save. */
  public SavePace pace() {
    return minutes == null ? SavePace.USUAL : SavePace.every(60 * minutes);
  }
}
