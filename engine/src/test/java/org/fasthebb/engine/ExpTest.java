package org.fasthebb.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** exp over the whole range of float32. Arrays are long enough for the vector form. */
class ExpTest {
  private static final int LONG = 128;

  private static float exp(float x) {
    float[] values = Tensors.CPU.zeros(LONG).fill(x).exp().toArray();
    for (float value : values) {
      assertEquals(values[0], value, "vector and remainder at " + x);
    }
    return values[0];
  }

  /** Results below the normal range may be off by half of the smallest float. */
  @Test
  void accurateFromDenormalsToTheLargest() {
    int n = 400_001;
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = -104 + i * (88.72f + 104) / (n - 1);
    }
    float[] y = Tensors.CPU.of(x, n).exp().toArray();
    for (int i = 0; i < n; i++) {
      double expected = Math.exp(x[i]);
      double error = Math.abs(y[i] - expected);
      boolean normal = expected >= Float.MIN_NORMAL;
      double allowed = normal ? 2e-7 * expected : Float.MIN_VALUE * 0.51 + 2e-7 * expected;
      assertTrue(error <= allowed, "exp(" + x[i] + ") = " + expected + " but was " + y[i]);
    }
  }

  @Test
  void accurateAroundZero() {
    for (float x : new float[] {1e-30f, -1e-30f, 1e-8f, -1e-7f, 1e-4f, 0.34657f, -0.34658f}) {
      assertEquals(Math.exp(x), exp(x), 2e-7, "exp(" + x + ")");
    }
    assertEquals(1f, exp(0f));
    assertEquals(1f, exp(-0f));
  }

  @Test
  void tooLargeIsInfinite() {
    for (float x : new float[] {88.73f, 89, 100, 1e10f, Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
      assertEquals(Float.POSITIVE_INFINITY, exp(x), "exp(" + x + ")");
    }
    assertEquals(Math.exp(88.72f), exp(88.72f), 2e-7 * Math.exp(88.72f));
  }

  @Test
  void tooSmallIsZero() {
    for (float x : new float[] {-103.98f, -104, -200, -1e10f, Float.NEGATIVE_INFINITY}) {
      assertEquals(0f, exp(x), "exp(" + x + ")");
    }
    assertEquals(Float.MIN_VALUE, exp(-103.9f));
  }

  @Test
  void nanStaysNan() {
    assertTrue(Float.isNaN(exp(Float.NaN)));
  }
}
