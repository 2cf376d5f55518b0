package org.fasthebb.models.train;

import java.util.List;
import java.util.Map;

/**
 * What came of a phase of training.
 *
 * @param epochs trained
 * @param bestEpoch the one whose weights were kept, from 1; 0 if nothing was trained
 * @param accuracy on the validation images after the best epoch, 0 to 1
 * @param accuracies on the validation images after each epoch
 * @param losses mean training loss of each epoch; zeros for a rule that has none
 * @param seconds spent, over all resumed parts, without loading data
 * @param stageSeconds seconds by layer and stage; empty if not measured
 */
public record Outcome(
    int epochs,
    int bestEpoch,
    double accuracy,
    List<Double> accuracies,
    List<Double> losses,
    double seconds,
    Map<String, Double> stageSeconds) {}
