package org.fasthebb.models.linalg;

/**
 * The inverse square root as a sum of simple fractions, x<sup>-1/2</sup> = sum over k of weights[k]
 * / (x + shifts[k]), for x in [low, high].
 *
 * <p>The sum is the midpoint rule for x<sup>-1/2</sup> = 2/pi times the integral of dt / (x +
 * t<sup>2</sup>) from 0 to infinity, after the substitution t = sqrt(low) sc(u) with the Jacobi
 * function sc of modulus sqrt(1 - low / high). Its error falls by exp(2 pi<sup>2</sup> / (ln(high /
 * low) + 3)) with each fraction (Hale, Higham and Trefethen, "Computing A^alpha, log(A), and
 * related matrix functions by contour integrals", 2008, method 3).
 *
 * @param shifts positive, ascending
 * @param weights positive
 */
record InverseSquareRootSum(double[] shifts, double[] weights) {
  /** The natural logarithm of one over the error that the number of fractions is chosen for. */
  private static final double DIGITS = 34;

  /** Fractions for arguments in [low, high], where low is over 0. */
  static InverseSquareRootSum on(double low, double high) {
    double logarithm = StrictMath.log(high / low) + 3;
    int terms = (int) Math.ceil(logarithm * DIGITS / (2 * Math.PI * Math.PI));
    var means = new GeometricMeans(Math.sqrt(low / high));
    double[] shifts = new double[terms];
    double[] weights = new double[terms];
    double step = means.quarterPeriod() / terms;
    double middle = Math.sqrt(low) * Math.sqrt(high);
    for (int k = 0; k < (terms + 1) / 2; k++) {
      double amplitude = means.amplitude((k + 0.5) * step);
      double sin = StrictMath.sin(amplitude);
      double cos = StrictMath.cos(amplitude);
      double t = Math.sqrt(low) * sin / cos;
      double slope = Math.sqrt(low) * Math.sqrt(cos * cos + low / high * sin * sin) / (cos * cos);
      double factor = 2 / Math.PI * step;
      int mirrored = terms - 1 - k;
      // The values of t at u and at the quarter period minus u multiply to the middle.
      shifts[mirrored] = (middle / t) * (middle / t);
      weights[mirrored] = factor * slope * (middle / t / t);
      shifts[k] = t * t;
      weights[k] = factor * slope;
    }
    return new InverseSquareRootSum(shifts, weights);
  }

  /**
   * Arithmetic-geometric means of 1 and k, which give the quarter period K and the amplitude of
   * Jacobi functions of modulus sqrt(1 - k<sup>2</sup>) (Abramowitz and Stegun, 16.4 and 17.6).
   */
  private static final class GeometricMeans {
    private static final int MAX_LEVELS = 12;

    private final double[] a = new double[MAX_LEVELS + 1];
    private final double[] c = new double[MAX_LEVELS + 1];
    private int levels;

    GeometricMeans(double k) {
      a[0] = 1;
      double b = k;
      while (levels < MAX_LEVELS && a[levels] - b > 1e-16 * a[levels]) {
        double last = a[levels];
        levels++;
        a[levels] = (last + b) / 2;
        c[levels] = (last - b) / 2;
        b = Math.sqrt(last * b);
      }
    }

    double quarterPeriod() {
      return Math.PI / (2 * a[levels]);
    }

    double amplitude(double u) {
      double phi = Math.scalb(a[levels] * u, levels);
      for (int level = levels; level > 0; level--) {
        phi = (phi + StrictMath.asin(c[level] / a[level] * StrictMath.sin(phi))) / 2;
      }
      return phi;
    }
  }
}
