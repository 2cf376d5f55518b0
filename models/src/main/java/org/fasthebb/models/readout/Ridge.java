package org.fasthebb.models.readout;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.fasthebb.models.learn.Classifier;

/**
 * Ridge regression on one-hot labels. Its weight is that of a grid with the highest accuracy on the
 * validation images or, if there are none, on training images that are left out one at a time.
 *
 * @param classifier the result
 * @param accuracies on the validation images after each round: the first is without self-training;
 *     empty without validation images
 * @param best the round of the result, from 1
 */
public record Ridge(Classifier classifier, List<Double> accuracies, int best) {
  /** Weights to choose from, as multiples of the mean squared length of centred features. */
  private static final double[] GRID = {0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100};

  /** A solution with the accuracy that chose it. */
  private record Chosen(Classifier classifier, double accuracy) {}

  /**
   * Learns the labels of the labelled images.
   *
   * @param rounds the most rounds of {@link SelfTraining}; they end before when the accuracy on the
   *     validation images does not rise, and there is none without validation images
   * @param message receives what was chosen, and why
   */
  public static Ridge fit(ReadOutData data, int rounds, Consumer<String> message) {
    Chosen chosen = choose(data, data.rows(), "ridge", message);
    List<Double> accuracies = new ArrayList<>();
    if (!data.hasValidation()) {
      return new Ridge(chosen.classifier, accuracies, 1);
    }
    accuracies.add(chosen.accuracy);
    for (int round = 1; round <= rounds && data.unlabelled().length > 0; round++) {
      TrainingRows rows = SelfTraining.rows(data, chosen.classifier);
      Chosen next = choose(data, rows, "self-training, round " + round, message);
      accuracies.add(next.accuracy);
      if (next.accuracy <= chosen.accuracy) {
        return new Ridge(chosen.classifier, accuracies, round);
      }
      chosen = next;
    }
    return new Ridge(chosen.classifier, accuracies, accuracies.size());
  }

  private static Chosen choose(
      ReadOutData data, TrainingRows rows, String what, Consumer<String> message) {
    RidgeSystem system = new RidgeSystem(rows);
    Chosen best = null;
    double weight = 0;
    for (double candidate : GRID) {
      RidgeSystem.Solution solution;
      try {
        solution = system.solve(candidate);
      } catch (ArithmeticException e) {
        continue; // rounding errors of the products are larger than such a weight
      }
      double accuracy =
          data.hasValidation()
              ? data.accuracy(solution.classifier()::scores)
              : system.leaveOneOut(solution);
      if (best == null || accuracy >= best.accuracy) { // of equals, the larger weight
        best = new Chosen(solution.classifier(), accuracy);
        weight = candidate;
      }
    }
    if (best == null) {
      throw new IllegalStateException(
          "the features of the network are not precise enough for ridge regression; pre-train it"
              + " at a lower learning rate, or choose another read-out");
    }
    message.accept(
        String.format(
            Locale.ROOT,
            "%s: %,d images, weight %s by %s: %.1f %%",
            what,
            rows.size(),
            weight,
            data.hasValidation()
                ? String.format(Locale.ROOT, "%,d validation images", data.validation().length)
                : "leaving one out",
            100 * best.accuracy));
    return best;
  }
}
