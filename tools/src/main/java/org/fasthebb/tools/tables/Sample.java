package org.fasthebb.tools.tables;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** Statistics of results over several seeds. */
public final class Sample {
  private static final double LEVEL = 0.05;

  private Sample() {}

  /** The mean of at least one value. */
  public static double mean(double... values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The standard error of the mean of at least two values. */
  private static double error(double... values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1) / values.length);
  }

  /**
   * Half the width of the 95 % confidence interval of the mean, by Student's t; not a number for
   * fewer than two values.
   */
  public static double halfWidth(double... values) {
    return values.length < 2
        ? Double.NaN
        : error(values) * TDistribution.of(values.length - 1).inverseSurvivalProbability(LEVEL / 2);
  }

  /**
   * Whether an accuracy is above that of guessing, at p = 0.05 (two-sided) by the binomial test.
   *
   * @param accuracy from 0 to 1
   * @param chance the accuracy of guessing, from 0 to 1
   * @param images that were classified
   */
  public static boolean isAboveChance(double accuracy, double chance, int images) {
    int hits = (int) Math.round(accuracy * images);
    return BinomialDistribution.of(images, chance).survivalProbability(hits - 1) < LEVEL / 2;
  }

  /**
   * Whether {@code a} is larger than {@code b} on the average, at p = 0.05 by the paired t-test
   * (two-sided); values at one index belong to one seed.
   */
  public static boolean isAbove(double[] a, double[] b) {
    if (a.length < 2) {
      return false;
    }
    double[] differences = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      differences[i] = a[i] - b[i];
    }
    double t = mean(differences) / error(differences); // infinite without any spread
    return t > 0 && 2 * TDistribution.of(a.length - 1).survivalProbability(t) < LEVEL;
  }
}
