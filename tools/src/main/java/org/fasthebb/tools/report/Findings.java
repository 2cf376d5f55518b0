package org.fasthebb.tools.report;

import java.util.List;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.network.Network;
import org.fasthebb.tools.console.Text;

/**
 * The results of a training command, for people.
 *
 * @param session the work that was done
 * @param results the figures
 * @param pretraining its history, or null
 * @param fineTuning its history, or null
 * @param predictions what the test said of each image, or null
 * @param network that was trained
 * @param filters pictures of the first layer
 * @param command the command line that gives the same results again
 * @param files that were written
 * @param next a command to try next, and why
 */
public record Findings(
    Session session,
    Results results,
    History pretraining,
    History fineTuning,
    Predictions predictions,
    Network network,
    List<FilterPicture> filters,
    String command,
    List<String> files,
    Next next) {

  /**
   * A suggested command.
   *
   * @param why what it is good for
   * @param command to type
   */
  public record Next(String why, String command) {}

  /** The accuracy of guessing. */
  double chance() {
    return 1.0 / results.classes();
  }

  /** The top-5 accuracy of guessing. */
  double chanceOfTop5() {
    return Math.min(1, 5.0 / results.classes());
  }

  /** The course of the last phase. */
  History last() {
    return fineTuning == null ? pretraining : fineTuning;
  }

  /**
   * When the last phase had its accuracy on the validation images; empty if there was no choice.
   */
  String best() {
    History last = last();
    if (!isInClosedForm()) {
      return "after epoch " + last.bestEpoch() + " of " + last.epochs();
    }
    return last.epochs() == 1
        ? ""
        : "after round %s of %s of self-training"
            .formatted(last.bestEpoch() - 1, last.epochs() - 1);
  }

  /** The length of the phase that learns the labels; empty if it had no epochs. */
  String readOutLength() {
    return isInClosedForm() ? "" : Text.count(fineTuning.epochs(), "epoch");
  }

  private boolean isInClosedForm() {
    return fineTuning != null && session.settings().readOut().readOut().isClosedForm();
  }

  /** The name of the phase that learns the labels. */
  String readOutName() {
    return session.settings().readOut().readOut().describe();
  }
}
