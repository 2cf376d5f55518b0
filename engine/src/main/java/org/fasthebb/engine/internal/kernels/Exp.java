package org.fasthebb.engine.internal.kernels;

/**
 * The numbers of exp(t) = 2^k exp(r) with k = round(t / ln 2) and |r| at most ln 2 / 2, where
 * exp(r) is a polynomial of degree 6. ln 2 is split in two so that r keeps its last bits.
 */
final class Exp {
  private Exp() {}

  /** Below LEAST the result is 0, and above MOST it is infinite. */
  static final float LEAST = -105;

  static final float MOST = 89;

  static final float PER_LN2 = 1.44269504f;

  /** Adding 1.5 * 2^23 rounds to the nearest integer, which then stands in the lowest bits. */
  static final float ROUNDS = 12582912;

  /**
   * The bits of ROUNDS less 127. A rounded k has the bits of ROUNDS plus k, so its bits less these
   * are k + 127, the exponent of 2^k as a float stores it.
   */
  static final int ROUNDED_1 = Float.floatToRawIntBits(ROUNDS) - 127;

  static final float MINUS_LN2 = -0.693359375f;
  static final float MINUS_LN2_REST = 2.12194440e-4f;

  /** The coefficients but for 1 and r; the lowest has r^2. */
  static final float C1 = 5.0000001201e-1f;

  static final float C2 = 1.6666665459e-1f;
  static final float C3 = 4.1665795894e-2f;
  static final float C4 = 8.3334519073e-3f;
  static final float C5 = 1.3981999507e-3f;
  static final float C6 = 1.9875691500e-4f;
}
