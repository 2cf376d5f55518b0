package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.CPU;
import static org.fasthebb.engine.Tensors.assertClose;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backend operations for training that have no method on Tensor: moments, affine, descend. */
class TrainingKernelsTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1, 7",
    "2, 7",
    "31, 5",
    "33, 16",
    "511, 3",
    "1500, 33",
    "20000, 2",
    "3, 4000"
  })
  void momentsOfColumns(int rows, int n) {
    Tensor x = random(rows, rows, n).plus(3); // a mean that is large beside the deviation
    float[] values = x.toArray();
    double[] mean = new double[n];
    double[] variance = new double[n];
    for (int i = 0; i < values.length; i++) {
      mean[i % n] += values[i] / (double) rows;
    }
    for (int i = 0; i < values.length; i++) {
      double deviation = values[i] - mean[i % n];
      variance[i % n] += deviation * deviation / rows;
    }
    Tensor m = CPU.zeros(n).fill(Float.NaN);
    Tensor v = CPU.zeros(n).fill(Float.NaN);
    CPU.device().moments(x, m, v);
    assertClose("mean", mean, m, 0, 5e-7);
    assertClose("variance", variance, v, 1e-12, 3e-6);
  }

  @Test
  void momentsKeepTheirPrecisionFarFromZero() {
    float[] values = new float[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1000 + (i % 2 == 0 ? 0.25f : -0.25f);
    }
    Tensor mean = CPU.zeros(1);
    Tensor variance = CPU.zeros(1);
    CPU.device().moments(CPU.of(values, values.length, 1), mean, variance);
    assertClose(new double[] {1000}, mean, 0, 1e-7);
    assertClose(new double[] {0.0625}, variance, 0, 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "1, 1", "7, 5", "33, 100", "5000, 7", "2, 20000"})
  void affineScalesAndShiftsColumns(int rows, int n) {
    Tensor x = random(1, rows, n);
    Tensor scale = random(2, n);
    Tensor shift = random(3, n);
    double[] expected = Tensors.doubles(x);
    float[] s = scale.toArray();
    float[] t = shift.toArray();
    for (int i = 0; i < expected.length; i++) {
      expected[i] = expected[i] * s[i % n] + t[i % n];
    }
    Tensor out = CPU.zeros(rows, n).fill(Float.NaN);
    CPU.device().affine(x, scale, shift, out);
    assertClose("affine", expected, out, 1.2e-7, 0);
    CPU.device().affine(x, scale, shift, x);
    assertArrayEquals(out.toArray(), x.toArray(), "in place");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 17, 16383, 16384, 40_001})
  void descendFollowsNesterov(int n) {
    float rate = 0.05f;
    float momentum = 0.9f;
    float decay = 0.01f;
    Tensor w = random(1, n);
    Tensor velocity = CPU.zeros(n);
    double[] expectedW = Tensors.doubles(w);
    double[] expectedV = new double[n];
    for (int step = 0; step < 3; step++) {
      Tensor gradient = random(step + 2, n);
      float[] g = gradient.toArray();
      for (int i = 0; i < n; i++) {
        double decayed = g[i] + decay * expectedW[i];
        expectedV[i] = momentum * expectedV[i] + decayed;
        expectedW[i] -= rate * (decayed + momentum * expectedV[i]);
      }
      CPU.device().descend(List.of(w), List.of(gradient), List.of(velocity), rate, momentum, decay);
    }
    assertClose("w", expectedW, w, 1e-6, 0);
    assertClose("velocity", expectedV, velocity, 2e-6, 0);
  }

  @Test
  void withoutMomentumAndDecayIsPlainDescent() {
    Tensor w = CPU.of(new float[] {1, 2, 3}, 3);
    Tensor gradient = CPU.of(new float[] {4, 0, -8}, 3);
    CPU.device().descend(List.of(w), List.of(gradient), List.of(CPU.zeros(3)), 0.25f, 0, 0);
    assertArrayEquals(new float[] {0, 2, 5}, w.toArray());
  }

  @Test
  void slicesOfLargerTensorsAreReadAndWrittenInPlace() {
    Tensor all = random(1, 4, 6, 5);
    float[] before = all.toArray();
    Tensor part = all.slice(0, 1, 3); // gapless, but not at the start
    Tensor out = CPU.zeros(3, 6, 5);
    CPU.device()
        .affine(part, random(2, 5).fill(2), CPU.zeros(7).slice(0, 1, 6), out.slice(0, 1, 3));
    float[] after = out.toArray();
    for (int i = 0; i < 30; i++) {
      org.junit.jupiter.api.Assertions.assertEquals(0, after[i]);
      org.junit.jupiter.api.Assertions.assertEquals(2 * before[30 + i], after[30 + i]);
    }
    Tensor moments = CPU.zeros(3, 5);
    CPU.device().moments(part, moments.slice(0, 1, 2), moments.slice(0, 2, 3));
    Tensor mean = CPU.zeros(5);
    Tensor variance = CPU.zeros(5);
    CPU.device().moments(part.copy(), mean, variance);
    assertArrayEquals(mean.toArray(), moments.slice(0, 1, 2).toArray());
    assertArrayEquals(variance.toArray(), moments.slice(0, 2, 3).toArray());
  }
}
