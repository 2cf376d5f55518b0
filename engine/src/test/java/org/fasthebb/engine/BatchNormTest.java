package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.CPU;
import static org.fasthebb.engine.Tensors.assertClose;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchNormTest {
  private static final double EPS = 1e-5;

  /** The formulas in float64, over (rows, n). */
  static final class Reference {
    final boolean modified;
    final double[] gamma;
    final double[] beta;
    final double[] runningMean;
    final double[] runningVariance;

    Reference(int n, boolean modified) {
      this.modified = modified;
      gamma = new double[n];
      Arrays.fill(gamma, 1);
      beta = new double[n];
      runningMean = new double[n];
      runningVariance = gamma.clone();
    }

    /** sqrt((rv + eps) / (mean(rv) + eps)) for each channel, or 1. */
    double[] factor() {
      double mean = Arrays.stream(runningVariance).average().orElse(0);
      return Arrays.stream(runningVariance)
          .map(rv -> modified ? Math.sqrt((rv + EPS) / (mean + EPS)) : 1)
          .toArray();
    }

    double[] evaluate(double[] x) {
      return apply(x, runningMean, runningVariance, factor());
    }

    double[] train(double[] x) {
      int n = gamma.length;
      int rows = x.length / n;
      double[] mean = mean(x, n);
      double[] variance = variance(x, mean);
      for (int i = 0; i < n; i++) {
        runningMean[i] = 0.9 * runningMean[i] + 0.1 * mean[i];
        runningVariance[i] = 0.9 * runningVariance[i] + 0.1 * variance[i] * rows / (rows - 1);
      }
      return apply(x, mean, variance, factor());
    }

    /** y = factor (gamma (x - mean) / sqrt(variance + eps) + beta). */
    double[] apply(double[] x, double[] mean, double[] variance, double[] factor) {
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        int c = i % gamma.length;
        double normal = (x[i] - mean[c]) / Math.sqrt(variance[c] + EPS);
        y[i] = factor[c] * (gamma[c] * normal + beta[c]);
      }
      return y;
    }

    static double[] mean(double[] x, int n) {
      double[] mean = new double[n];
      for (int i = 0; i < x.length; i++) {
        mean[i % n] += x[i] * n / x.length;
      }
      return mean;
    }

    static double[] variance(double[] x, double[] mean) {
      int n = mean.length;
      double[] variance = new double[n];
      for (int i = 0; i < x.length; i++) {
        variance[i % n] += (x[i] - mean[i % n]) * (x[i] - mean[i % n]) * n / x.length;
      }
      return variance;
    }
  }

  /** Channels of different mean and spread. */
  static Tensor batch(int seed, int... shape) {
    int n = shape[shape.length - 1];
    Tensor spread = Tensors.counting(n).plus(0.5f);
    return random(seed, shape).times(spread).plus(Tensors.counting(n).times(0.3f));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trainTwiceThenEvaluate(boolean modified) {
    BatchNorm norm = new BatchNorm(CPU, 7, modified);
    Reference reference = new Reference(7, modified);
    norm.gamma().assign(random(8, 7).plus(1.5f));
    norm.beta().assign(random(9, 7));
    System.arraycopy(Tensors.doubles(norm.gamma()), 0, reference.gamma, 0, 7);
    System.arraycopy(Tensors.doubles(norm.beta()), 0, reference.beta, 0, 7);
    for (int step = 0; step < 2; step++) {
      Tensor x = batch(step, 3, 5, 4, 7);
      Tensor y = norm.train(x).output();
      assertArrayEquals(x.shape(), y.shape());
      assertClose("train", reference.train(Tensors.doubles(x)), y, 2e-5, 0);
      assertClose("running mean", reference.runningMean, norm.runningMean(), 1e-6, 1e-6);
      assertClose("variance", reference.runningVariance, norm.runningVariance(), 1e-6, 1e-6);
    }
    Tensor x = batch(5, 11, 7);
    double[] expected = reference.evaluate(Tensors.doubles(x));
    assertClose("evaluate", expected, norm.evaluate(x), 2e-5, 0);
    assertClose("unchanged", reference.runningMean, norm.runningMean(), 1e-6, 1e-6);
    assertEquals(modified, norm.isModified());
  }

  @Test
  void newOneEvaluatesToItsInput() {
    Tensor x = batch(1, 6, 4);
    Tensor same = new BatchNorm(CPU, 4, false).evaluate(x);
    assertClose(x, same, 0, 1e-5); // 1 / sqrt(1 + eps)
    assertClose(x, new BatchNorm(CPU, 4, true).evaluate(x), 0, 1e-5);
  }

  @Test
  void trainingGivesMeanZeroAndVarianceOne() {
    Tensor x = random(1, 500, 3).times(100); // so that eps is negligible
    double[] y = Tensors.doubles(new BatchNorm(CPU, 3, false).train(x).output());
    double[] mean = Reference.mean(y, 3);
    assertArrayEquals(new double[3], mean, 1e-6);
    assertArrayEquals(new double[] {1, 1, 1}, Reference.variance(y, mean), 1e-6);
  }

  @Test
  void constantChannelBecomesBetaNotNaN() {
    Tensor x = CPU.zeros(8, 2).fill(3);
    BatchNorm norm = new BatchNorm(CPU, 2, true);
    norm.beta().fill(0.5f);
    float[] y = norm.train(x).output().toArray();
    for (float value : y) {
      assertEquals(0.5f, value, 1e-3f);
    }
  }

  @Test
  void viewsAreReadAsIfGapless() {
    Tensor x = batch(1, 6, 5, 4);
    BatchNorm norm = new BatchNorm(CPU, 4, false);
    float[] expected = norm.evaluate(x).toArray();
    assertArrayEquals(expected, norm.evaluate(Tensors.withGaps(x)).toArray());
    expected = new BatchNorm(CPU, 4, true).train(x).output().toArray();
    Tensor y = new BatchNorm(CPU, 4, true).train(Tensors.transposed(x)).output();
    assertArrayEquals(expected, y.toArray());
  }

  @Test
  void refusals() {
    BatchNorm norm = new BatchNorm(CPU, 4, false);
    for (int[] shape : new int[][] {{6, 5}, {4}, {4, 1}, {}}) {
      Tensor x = random(1, shape);
      String message =
          assertThrows(IllegalArgumentException.class, () -> norm.train(x)).getMessage();
      assertTrue(message.contains("4 channels") && message.contains("" + x.layout()), message);
      assertEquals(
          message,
          assertThrows(IllegalArgumentException.class, () -> norm.evaluate(x)).getMessage());
    }
    for (int[] shape : new int[][] {{1, 4}, {1, 1, 1, 4}, {0, 4}}) {
      Tensor x = random(1, shape);
      String message =
          assertThrows(IllegalArgumentException.class, () -> norm.train(x)).getMessage();
      assertTrue(message.contains("at least 2 values") && message.contains("" + x.layout()));
    }
    assertArrayEquals(new float[4], norm.runningMean().toArray(), "refused before any change");
    assertEquals(4, norm.evaluate(random(1, 1, 4)).size(), "one value is enough to evaluate");
  }
}
