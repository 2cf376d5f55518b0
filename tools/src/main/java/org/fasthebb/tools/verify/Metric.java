package org.fasthebb.tools.verify;

import java.util.Arrays;

/**
 * Ways to measure how far computed numbers are from recorded ones. An error is at least 0. It is
 * NaN, and so never within a tolerance, if any number on either side is NaN or a recorded one is
 * infinite.
 */
enum Metric {
  /** Largest difference over the largest recorded value. */
  RELATIVE {
    @Override
    double ofValues(double[] recorded, double[] computed, double rounding) {
      return ratio(largestDifference(recorded, computed), largest(recorded));
    }

    // Each statistic has its own scale; that of the mean is at least std, since a mean may be near
    // 0.
    @Override
    double ofStats(double[] r, double[] c, long n) {
      double spread = Math.max(Math.abs(r[0]), r[1]);
      double extent = Math.max(Math.abs(r[4]), Math.abs(r[5]));
      double[] scales = {spread, spread, r[2], Math.max(Math.abs(r[3]), n * r[1]), extent, extent};
      double error = 0;
      for (int i = 0; i < scales.length; i++) {
        error = Math.max(error, ratio(Math.abs(r[i] - c[i]), scales[i]));
      }
      return error;
    }
  },

  /**
   * For a small change of a large parameter: the largest difference, less what rounding of the
   * parameter explains, over the largest recorded change. Of the statistics only the L2 norm
   * counts.
   */
  CHANGE {
    @Override
    double ofValues(double[] recorded, double[] computed, double rounding) {
      double excess = Math.max(0, largestDifference(recorded, computed) - rounding);
      double scale = largest(recorded);
      if (scale == 0 && excess > 0) {
        return Double.POSITIVE_INFINITY;
      }
      return ratio(excess, scale);
    }

    @Override
    double ofStats(double[] r, double[] c, long n) {
      return ratio(Math.abs(r[2] - c[2]), Math.abs(r[2]));
    }
  },

  /**
   * Largest computed value, for tensors that should be 0 and whose recorded values are rounding.
   */
  ZERO {
    @Override
    double ofValues(double[] recorded, double[] computed, double rounding) {
      return largest(computed);
    }

    @Override
    double ofStats(double[] r, double[] c, long n) {
      return largest(c);
    }
  },

  /** Number of values that differ. */
  EXACT {
    @Override
    double ofValues(double[] recorded, double[] computed, double rounding) {
      int different = 0;
      for (int i = 0; i < recorded.length; i++) {
        different += recorded[i] == computed[i] ? 0 : 1;
      }
      return different;
    }

    @Override
    double ofStats(double[] r, double[] c, long n) {
      return ofValues(r, c, 0);
    }
  };

  abstract double ofValues(double[] recorded, double[] computed, double rounding);

  abstract double ofStats(double[] recorded, double[] computed, long n);

  /**
   * The error of a part of a tensor.
   *
   * @param recorded the part as recorded, with as many values as the part has
   * @param values the whole tensor as computed
   * @param rounding for {@link #CHANGE}: the difference that rounding explains
   */
  double error(Part part, double[] recorded, double[] values, double rounding) {
    double[] computed = part.from(values);
    boolean sound =
        Arrays.stream(recorded).allMatch(Double::isFinite)
            && Arrays.stream(computed).noneMatch(Double::isNaN);
    if (!sound) {
      return Double.NaN;
    }
    return part == Part.STATS
        ? ofStats(recorded, computed, values.length)
        : ofValues(recorded, computed, rounding);
  }

  private static double largestDifference(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double ratio(double error, double scale) {
    return scale == 0 ? error : error / scale;
  }
}
