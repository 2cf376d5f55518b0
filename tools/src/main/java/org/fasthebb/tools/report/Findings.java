package org.fasthebb.tools.report;

import java.util.List;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.protocol.ReadOut;

/**
 * What came of a training command, for people.
 *
 * @param session that did the work
 * @param results the figures
 * @param pretraining how it went, or null
 * @param fineTuning how it went, or null
 * @param network that was trained
 * @param filters pictures of the first layer
 * @param command that gives the same again
 * @param files that were written
 * @param next a command worth trying now, and why
 */
public record Findings(
    Session session,
    Results results,
    History pretraining,
    History fineTuning,
    Network network,
    List<FilterPicture> filters,
    String command,
    List<String> files,
    Next next) {

  /**
   * A suggestion.
   *
   * @param why what it is good for
   * @param command to type
   */
  public record Next(String why, String command) {}

  /** Share of right answers of somebody who guesses. */
  double chance() {
    return 1.0 / results.classes();
  }

  /** What learning the labels is called. */
  String readOutName() {
    return session.settings().readOut().readOut() == ReadOut.FINE_TUNE
        ? "Fine-tuning"
        : "Linear read-out";
  }
}
