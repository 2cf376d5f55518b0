package org.fasthebb.models.readout;

import java.util.Locale;
import java.util.function.Consumer;
import org.fasthebb.models.learn.Classifier;

/** Solves the equations of {@link RidgeSystem ridge regression} for one weight after another. */
@FunctionalInterface
interface RidgeSolver {
  /** From so many equations on, conjugate gradients take less time than a Cholesky factor. */
  int MANY = 8192;

  /**
   * A solution.
   *
   * @param accuracy on the validation images or, if there are none, on training images that are
   *     left out one at a time
   */
  record Solved(Classifier classifier, double accuracy) {}

  /**
   * The solution for a weight.
   *
   * @throws ArithmeticException if the weight is too small for the precision of float32
   */
  Solved solve(double weight);

  /**
   * Whether there are so many equations that they are not computed. Leaving one image out takes
   * them, so it takes validation images to do without.
   */
  static boolean isIterative(int rows, int features, boolean isValidated) {
    return isValidated && Math.min(rows, features) >= MANY;
  }

  /**
   * What suits the number of equations.
   *
   * @param message receives what takes long
   */
  static RidgeSolver of(ReadOutData data, TrainingRows rows, Consumer<String> message) {
    return isIterative(rows.size(), rows.width(), data.hasValidation())
        ? iterative(data, rows, message)
        : exact(data, rows);
  }

  /** By the equations. */
  static RidgeSolver exact(ReadOutData data, TrainingRows rows) {
    RidgeSystem system = new RidgeSystem(rows);
    return weight -> {
      RidgeSystem.Solution solution = system.solve(weight);
      Classifier classifier = solution.classifier();
      double accuracy =
          data.hasValidation() ? data.accuracy(classifier::scores) : system.leaveOneOut(solution);
      return new Solved(classifier, accuracy);
    };
  }

  /** By conjugate gradients. */
  static RidgeSolver iterative(ReadOutData data, TrainingRows rows, Consumer<String> message) {
    message.accept(
        String.format(
            Locale.ROOT,
            "%,d images with %,d features, solved step by step for one weight after another",
            rows.size(),
            rows.width()));
    IterativeRidge ridge = new IterativeRidge(rows);
    return weight -> {
      try {
        Classifier classifier = ridge.solve(weight);
        double accuracy = data.accuracy(classifier::scores);
        message.accept(String.format(Locale.ROOT, "weight %s: %.1f %%", weight, 100 * accuracy));
        return new Solved(classifier, accuracy);
      } catch (ArithmeticException e) {
        message.accept("weight %s is too small for single precision".formatted(weight));
        throw e;
      }
    };
  }
}
