package org.fasthebb.models.linalg;

/**
 * Roots of 1 / rho + sum of z(j)^2 / (d(j) - x) = 0 for ascending poles d and positive rho.
 *
 * <p>Root i lies between poles i and i + 1, the last one above the last pole. Each root is kept as
 * an offset from the nearest pole, so that its distances from all poles have full relative
 * accuracy; that makes the eigenvectors computed from them orthogonal.
 */
final class SecularEquation {
  private static final double EPSILON = 0x1p-53;
  private static final int MAX_ITERATIONS = 300;

  private final double[] poles;
  private final double[] squares;
  private final double rho;
  private final int[] origin;
  private final double[] offset;

  /**
   * Sets up an equation without solving it.
   *
   * @param poles ascending
   * @param z nonzero
   * @param rho positive
   */
  SecularEquation(double[] poles, double[] z, double rho) {
    this.poles = poles;
    this.rho = rho;
    squares = new double[z.length];
    for (int j = 0; j < z.length; j++) {
      squares[j] = z[j] * z[j];
    }
    origin = new int[z.length];
    offset = new double[z.length];
  }

  /** The value of a solved root. */
  double root(int i) {
    return poles[origin[i]] + offset[i];
  }

  /** The distance d(pole) - root(i), accurate even if the two are close. */
  double distance(int pole, int i) {
    return (poles[pole] - poles[origin[i]]) - offset[i];
  }

  /** Solves for root i; different roots may be solved at the same time. */
  void solve(int i) {
    int last = poles.length - 1;
    if (last == 0) {
      offset[0] = rho * squares[0];
    } else if (i == last) {
      double sum = 0;
      for (double square : squares) {
        sum += square;
      }
      // Slightly enlarged, because the sum is rounded.
      new RootSearch(i, last - 1).run(i, 0, rho * sum * (1 + 0x1p-40));
    } else {
      double half = 0.5 * (poles[i + 1] - poles[i]);
      var middle = new RootSearch(i, i);
      middle.evaluate(half);
      if (middle.value() >= 0) {
        middle.run(i, 0, half);
      } else {
        new RootSearch(i + 1, i).run(i, -half, 0);
      }
    }
  }

  /** Safeguarded rational interpolation for one root, in coordinates relative to one pole. */
  private final class RootSearch {
    private final int from;
    private final int split;

    /** Sum over the poles up to split, sum over the others, their derivatives, rounding bound. */
    private double lower;

    private double upper;
    private double lowerSlope;
    private double upperSlope;
    private double bound;

    RootSearch(int from, int split) {
      this.from = from;
      this.split = split;
    }

    double value() {
      return 1 / rho + lower + upper;
    }

    void evaluate(double x) {
      double base = poles[from];
      double sum = 0;
      double slope = 0;
      double partials = 0;
      for (int j = 0; j <= split; j++) {
        double distance = (poles[j] - base) - x;
        double term = squares[j] / distance;
        sum += term;
        slope += term / distance;
        partials += Math.abs(sum);
      }
      lower = sum;
      lowerSlope = slope;
      sum = 0;
      slope = 0;
      for (int j = poles.length - 1; j > split; j--) {
        double distance = (poles[j] - base) - x;
        double term = squares[j] / distance;
        sum += term;
        slope += term / distance;
        partials += Math.abs(sum);
      }
      upper = sum;
      upperSlope = slope;
      bound =
          8 * (Math.abs(lower) + Math.abs(upper))
              + partials
              + 1 / rho
              + Math.abs(x) * (lowerSlope + upperSlope);
    }

    /** Finds the root in (lo, hi), on which the function increases, and stores it as root i. */
    void run(int i, double lo, double hi) {
      double x = 0.5 * (lo + hi);
      for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
        evaluate(x);
        double f = value();
        if (Math.abs(f) <= EPSILON * bound) {
          break;
        }
        if (f < 0) {
          lo = x;
        } else {
          hi = x;
        }
        double next = interpolate(x, f);
        // Interpolation needs about five steps; the bisections guarantee that the loop ends.
        if (!(next > lo && next < hi) || (iteration > 30 && iteration % 2 == 0)) {
          next = middle(lo, hi);
        }
        if (next == x || next <= lo || next >= hi) {
          break;
        }
        x = next;
      }
      origin[i] = from;
      offset[i] = x;
    }

    /** Zero of the two-pole function that has the values and slopes of both sums at x. */
    private double interpolate(double x, double f) {
      double base = poles[from];
      double left = (poles[split] - base) - x;
      double right = (poles[split + 1] - base) - x;
      double a = (left + right) * f - left * right * (lowerSlope + upperSlope);
      double b = left * right * f;
      double c = f - left * lowerSlope - right * upperSlope;
      double root = Math.sqrt(Math.max(a * a - 4 * b * c, 0));
      if (right < 0) { // beyond both poles
        return x + (a >= 0 ? (a + root) / (2 * c) : 2 * b / (a - root));
      }
      return x + (a <= 0 ? (a - root) / (2 * c) : 2 * b / (a + root));
    }

    /**
     * A point between lo and hi: their geometric mean if they differ much, because roots may be
     * very close to the pole at 0.
     */
    private static double middle(double lo, double hi) {
      if (lo == 0 || hi == 0) {
        return (lo + hi) / 16;
      }
      if (Math.abs(lo) > 4 * Math.abs(hi) || Math.abs(hi) > 4 * Math.abs(lo)) {
        return Math.copySign(Math.sqrt(Math.abs(lo)) * Math.sqrt(Math.abs(hi)), lo);
      }
      return 0.5 * (lo + hi);
    }
  }
}
