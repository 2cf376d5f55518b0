package org.fasthebb.models.learn;

import java.util.List;

/**
 * What came of a phase of training.
 *
 * @param epochs trained
 * @param bestEpoch the one whose weights were kept, from 1; 0 if nothing was trained
 * @param accuracy on the validation images after the best epoch, 0 to 1; null if validation
 *     measures a loss
 * @param accuracies on the validation images after each epoch; empty if validation measures a loss
 * @param validationLosses after each epoch; empty if validation measures accuracy
 * @param losses mean training loss of each epoch; zeros for a rule that has none
 * @param seconds spent, over all resumed parts, without loading data
 */
public record History(
    int epochs,
    int bestEpoch,
    Double accuracy,
    List<Double> accuracies,
    List<Double> validationLosses,
    List<Double> losses,
    double seconds) {
  /** Files written by early versions have no validation losses. */
  public History {
    validationLosses = validationLosses == null ? List.of() : validationLosses;
  }
}
