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
  /** The number of fractions is chosen for an error of e to the power of minus this. */
  private static final double ERROR_EXPONENT = 34;

  /** Fractions for arguments in [low, high], where low is over 0. */
  static InverseSquareRootSum on(double low, double high) {
    double logarithm = StrictMath.log(high / low) + 3;
    int terms = (int) Math.ceil(logarithm * ERROR_EXPONENT / (2 * Math.PI * Math.PI));
    double[] shifts = new double[terms];
    double[] weights = new double[terms];
    double k = Math.sqrt(low / high);
    double step = quarterPeriod(k) / terms;
    double middle = Math.sqrt(low) * Math.sqrt(high);
    for (int i = 0; i < (terms + 1) / 2; i++) {
      double sc = sc((i + 0.5) * step, k);
      double t = Math.sqrt(low) * sc;
      double slope = Math.sqrt(low) * Math.sqrt((1 + sc * sc) * (1 + k * sc * k * sc));
      double factor = 2 / Math.PI * step;
      // The values of t at u and at the quarter period minus u multiply to the middle.
      int mirrored = terms - 1 - i;
      shifts[mirrored] = (middle / t) * (middle / t);
      weights[mirrored] = factor * slope * (middle / t / t);
      shifts[i] = t * t;
      weights[i] = factor * slope;
    }
    return new InverseSquareRootSum(shifts, weights);
  }

  /** The quarter period of sc, pi / 2 over the arithmetic-geometric mean of 1 and k. */
  private static double quarterPeriod(double k) {
    double a = 1;
    double b = k;
    while (a - b > 1e-15 * a) {
      double mean = (a + b) / 2;
      b = Math.sqrt(a * b);
      a = mean;
    }
    return Math.PI / (a + b);
  }

  /**
   * The Jacobi function sc of modulus sqrt(1 - k<sup>2</sup>) up to half its quarter period, by
   * Landen's transformation (Abramowitz and Stegun, 16.12, with sn(iu, k) = i sc(u)): k becomes
   * small at once, and for k = 0 the function is sinh.
   */
  private static double sc(double u, double k) {
    if (k < 1e-9) {
      return StrictMath.sinh(u);
    }
    double root = 1 + Math.sqrt((1 - k) * (1 + k));
    double smaller = k / root * (k / root);
    double sc = sc(u / (1 + smaller), smaller);
    return (1 + smaller) * sc / (1 - smaller * sc * sc);
  }
}
