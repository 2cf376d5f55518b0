package org.fasthebb.models.readout;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.learn.Classifier;

/**
 * Ridge regression on one-hot labels. Its weight is one of a grid, from which no step to a
 * neighbour raises the accuracy on the validation images or, if there are none, on training images
 * that are left out one at a time.
 *
 * @param classifier the result
 * @param accuracies on the validation images after each round: the first is without self-training;
 *     empty without validation images
 * @param best the round of the result, from 1
 */
public record Ridge(Classifier classifier, List<Double> accuracies, int best) {
  /** Weights to choose from, as multiples of the mean squared length of centred features. */
  private static final double[] GRID = {0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100};

  /** Where the search over the grid begins: at 0.3. */
  private static final int START = 3;

  /**
   * Where it begins if equations are solved step by step: at 0.1, since so many images want a small
   * weight, and each weight takes long.
   */
  private static final int START_OF_MANY = 2;

  /** A solution, and the index of its weight. */
  private record Chosen(RidgeSolver.Solved solved, int index) {
    double accuracy() {
      return solved.accuracy();
    }
  }

  /** The most guesses that self-training adds to the images with labels. */
  public static int mostGuesses(int rounds, int unlabelled) {
    return rounds == 0 ? 0 : SelfTraining.most(unlabelled);
  }

  /**
   * Checks that there is memory for the equations or, where there are many, for what solves them
   * without computing them.
   *
   * @param rows images with a label, true or guessed
   * @param features of an image
   * @param classes of the labels
   * @param isValidated whether there are validation images; leaving one out takes the equations
   * @param memory in bytes, a quarter of which is left to all else
   * @throws DataException if there is too little
   */
  public static void requireMemory(
      int rows, int features, int classes, boolean isValidated, long memory) {
    boolean iterative = RidgeSolver.isIterative(rows, features, isValidated);
    double bytes =
        iterative ? IterativeRidge.bytes(features, classes) : RidgeSystem.bytes(rows, features);
    boolean fits =
        iterative ? IterativeRidge.fitsArrays(features) : RidgeSystem.fitsArrays(rows, features);
    if (!fits || bytes > 0.75 * memory) {
      boolean couldIterate = !iterative && RidgeSolver.isIterative(rows, features, true);
      String way = couldIterate ? "hold out validation images" : "ask for fewer labels";
      throw new DataException(
          String.format(
              Locale.ROOT,
              "ridge regression of %,d images with %,d features takes %.1f GB of memory, and Java"
                  + " has %.1f GB; average maps to fewer means, %s, or choose the read-out linear",
              rows,
              features,
              bytes / 1e9,
              memory / 1e9,
              way));
    }
  }

  /**
   * Learns the labels of the labelled images.
   *
   * @param rounds the most rounds of {@link SelfTraining}; they end before when the accuracy on the
   *     validation images does not rise, and there is none without validation images
   * @param message receives what was chosen, and why
   */
  public static Ridge fit(ReadOutData data, int rounds, Consumer<String> message) {
    TrainingRows labelled = data.rows();
    boolean isLong =
        RidgeSolver.isIterative(labelled.size(), labelled.width(), data.hasValidation());
    Chosen chosen = choose(data, labelled, isLong ? START_OF_MANY : START, "ridge", message);
    List<Double> accuracies = new ArrayList<>();
    if (!data.hasValidation()) {
      return new Ridge(chosen.solved.classifier(), accuracies, 1);
    }
    accuracies.add(chosen.accuracy());
    if (rounds > 0 && data.unlabelled().length == 0) {
      message.accept("self-training: no image is without a label, so there is nothing to guess");
    }
    for (int round = 1; round <= rounds && data.unlabelled().length > 0; round++) {
      TrainingRows rows = SelfTraining.rows(data, chosen.solved.classifier());
      Chosen next = choose(data, rows, chosen.index, "self-training, round " + round, message);
      accuracies.add(next.accuracy());
      if (next.accuracy() <= chosen.accuracy()) {
        return new Ridge(chosen.solved.classifier(), accuracies, round);
      }
      chosen = next;
    }
    return new Ridge(chosen.solved.classifier(), accuracies, accuracies.size());
  }

  /** Walks over the grid from a weight to better neighbours until there is none. */
  private static Chosen choose(
      ReadOutData data, TrainingRows rows, int start, String what, Consumer<String> message) {
    RidgeSolver solver = RidgeSolver.of(data, rows, text -> message.accept(what + ": " + text));
    Chosen best = null;
    for (int i = start; i < GRID.length; i++) { // of equals, the one nearer to the start
      Chosen next = solved(solver, i);
      if (best != null && next != null && next.accuracy() <= best.accuracy()) {
        break;
      }
      best = next == null ? best : next;
    }
    boolean rises = best != null && best.index > start;
    for (int i = start - 1; i >= 0 && !rises; i--) {
      Chosen next = solved(solver, i);
      if (next == null || (best != null && next.accuracy() <= best.accuracy())) {
        break;
      }
      best = next;
    }
    if (best == null) {
      throw new IllegalStateException(
          "the features are too large, or too unequal in size, for ridge regression in single"
              + " precision; normalise them, pre-train the network at a lower learning rate, or"
              + " choose another read-out");
    }
    message.accept(
        String.format(
            Locale.ROOT,
            "%s: %,d images, weight %s by %s: %.1f %%",
            what,
            rows.size(),
            GRID[best.index],
            data.hasValidation()
                ? String.format(Locale.ROOT, "%,d validation images", data.validation().length)
                : "leaving one out",
            100 * best.accuracy()));
    return best;
  }

  /** The solution for a weight; null if rounding errors are larger than it. */
  private static Chosen solved(RidgeSolver solver, int index) {
    try {
      return new Chosen(solver.solve(GRID[index]), index);
    } catch (ArithmeticException e) {
      return null;
    }
  }
}
