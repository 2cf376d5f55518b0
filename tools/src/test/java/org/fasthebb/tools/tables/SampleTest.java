package org.fasthebb.tools.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void interval() {
    // t(4, 0.975) = 2.776445 as in any table; the variance of 1 .. 5 is 2.5.
    assertEquals(2.776445 * Math.sqrt(2.5 / 5), Sample.halfWidth(1, 2, 3, 4, 5), 1e-5);
    assertEquals(12.7062 * 0.5, Sample.halfWidth(0, 1), 1e-4);
    assertTrue(Double.isNaN(Sample.halfWidth(7)));
  }

  /** Student's sleep data of 1908: t = 4.0621 with 9 degrees of freedom, p = 0.00283. */
  @Test
  void studentsOwnExample() {
    double[] first = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
    double[] second = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    assertTrue(Sample.isAbove(second, first));
    assertFalse(Sample.isAbove(first, second));
  }

  @Test
  void onTheEdgeOfSignificance() {
    // For two pairs with differences 1 and x, t is (1 + x) / |1 - x|; the limit is 12.7062.
    assertFalse(Sample.isAbove(new double[] {1, 0.85}, new double[2]));
    assertTrue(Sample.isAbove(new double[] {1, 0.86}, new double[2]));
  }

  @Test
  void tooFewOrNoSpread() {
    assertFalse(Sample.isAbove(new double[] {2}, new double[] {1}), "one pair says nothing");
    assertFalse(Sample.isAbove(new double[] {1, 2}, new double[] {1, 2}), "equal");
    assertTrue(Sample.isAbove(new double[] {2, 3}, new double[] {1, 2}), "always one more");
  }

  /** P(at least 16 of 100 at p = 0.1) is 0.0399, of 17 it is 0.0206: half of 0.05 lies between. */
  @Test
  void aboveChance() {
    assertFalse(Sample.isAboveChance(0.16, 0.1, 100));
    assertTrue(Sample.isAboveChance(0.17, 0.1, 100));
    assertFalse(Sample.isAboveChance(0, 0.1, 100));
    assertFalse(Sample.isAboveChance(1, 0.1, 1), "one hit of one image, p = 0.1");
    assertTrue(Sample.isAboveChance(1, 0.1, 2));
  }
}
