package org.fasthebb.models.learn;

import java.util.List;
import java.util.Objects;

/**
 * The course of a training phase, as it is kept in a JSON file beside the model.
 *
 * @param epochs trained
 * @param bestEpoch the epoch whose weights were kept, from 1; 0 if nothing was trained
 * @param accuracy on the validation images after the best epoch, 0 to 1; null if validation
 *     measures a loss, or nothing
 * @param accuracies on the validation images after each epoch; empty if validation measures a loss,
 *     or nothing
 * @param validationLosses after each epoch; empty if validation measures accuracy, or nothing
 * @param losses mean training loss of each epoch; zeros for a rule that has none
 * @param seconds of training, over all resumed parts, without loading the data set
 */
public record History(
    int epochs,
    int bestEpoch,
    Double accuracy,
    List<Double> accuracies,
    List<Double> validationLosses,
    List<Double> losses,
    double seconds) {
  /**
   * Checks that the lists are there. Files written before validation losses existed lack them; they
   * are read as empty.
   */
  public History {
    Objects.requireNonNull(accuracies, "accuracies are missing");
    Objects.requireNonNull(losses, "losses are missing");
    validationLosses = validationLosses == null ? List.of() : validationLosses;
  }

  /** The history of a phase in which nothing is trained. */
  public static History none() {
    return new History(0, 0, null, List.of(), List.of(), List.of(), 0);
  }
}
