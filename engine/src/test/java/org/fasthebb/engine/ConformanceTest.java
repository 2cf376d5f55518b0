package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import org.fasthebb.testing.Devices;
import org.junit.jupiter.api.Test;

/** What all backends have in common, and passes through several operations. */
class ConformanceTest extends Conformance {
  @Test
  void theGpuIsTested() {
    assumeTrue(Devices.whyNoGpu() == null, Devices.whyNoGpu());
    List<String> names = backends().stream().map(Backend::describe).toList();
    assertTrue(names.getFirst().startsWith("cpu, "), names.toString());
    assertEquals(2, names.size(), names.toString());
    assertTrue(
        names.getLast().startsWith(Devices.isEmulated() ? "cuda, Emulated GPU" : "cuda, "),
        names.toString());
  }

  @OnEveryBackend
  void backpropAgreesWithTheCpu(Backend backend) {
    assertAgree(gradients(Tensors.CPU), gradients(backend));
  }

  @OnEveryBackend
  void backpropThroughADecoderAgreesWithTheCpu(Backend backend) {
    assertAgree(decoderGradients(Tensors.CPU), decoderGradients(backend));
  }

  private static void assertAgree(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-4 + 1e-3 * Math.abs(expected[i]), "at " + i);
    }
  }

  private static float[] gradients(Backend backend) {
    try (Scope _ = backend.scope()) {
      Tape tape = new Tape();
      Variable x = tape.parameter(View.PLAIN.of(backend, random(1, 4, 8, 8, 3)));
      Variable w = tape.parameter(View.PLAIN.of(backend, random(2, 6, 27)));
      Variable v = tape.parameter(View.PLAIN.of(backend, random(3, 5, 54)));
      BatchNorm norm = new BatchNorm(backend, 6, true);
      Variable gamma = tape.parameter(norm.gamma());
      Variable beta = tape.parameter(norm.beta());
      Variable y = tape.convolve(x, tape.normalizeRows(w), 3, 3);
      y = tape.maxPool(tape.batchNorm(tape.relu(y), norm, gamma, beta), 2);
      Tensor step = backend.zeros(1).fill(3);
      y = tape.dropout(tape.reshape(y, 4, 54), 0.5f, 7, step);
      Variable z = tape.contract("bs,ns->bn", y, v);
      Variable loss = tape.crossEntropy(z, backend.oneHot(new int[] {0, 3, 4, 1}, 5));
      tape.backward(loss);
      return lossAndGradients(loss, x, w, v, gamma, beta);
    }
  }

  private static float[] decoderGradients(Backend backend) {
    try (Scope _ = backend.scope()) {
      Tape tape = new Tape();
      Variable images = tape.constant(View.PLAIN.of(backend, random(1, 3, 7, 6, 4)));
      Variable x = tape.parameter(View.PLAIN.of(backend, random(2, 3, 2, 1, 5)));
      Variable w = tape.parameter(View.PLAIN.of(backend, random(3, 5, 2 * 3 * 4)));
      Variable y = tape.convolveTransposed(x, w, 2, 3);
      y = tape.maxUnpool(tape.exp(y), tape.maxPool(images, 2));
      Variable loss = tape.sum(tape.times(tape.times(y, y), 0.5f));
      tape.backward(loss);
      return lossAndGradients(loss, x, w);
    }
  }

  private static float[] lossAndGradients(Variable loss, Variable... inputs) {
    float[] numbers = loss.value().toArray();
    for (Variable of : inputs) {
      float[] next = of.gradient().toArray();
      int n = numbers.length;
      numbers = Arrays.copyOf(numbers, n + next.length);
      System.arraycopy(next, 0, numbers, n, next.length);
    }
    return numbers;
  }

  @OnEveryBackend
  void batchNormMovesItsStatisticsAsTheCpuDoes(Backend backend) {
    for (int n : new int[] {1, 6, 300}) {
      for (boolean modified : new boolean[] {false, true}) {
        assertAgree(batchNorm(Tensors.CPU, n, modified), batchNorm(backend, n, modified));
      }
    }
  }

  private static float[] batchNorm(Backend backend, int n, boolean modified) {
    BatchNorm norm = new BatchNorm(backend, n, modified);
    norm.gamma().write(random(1, n).toArray());
    norm.beta().write(random(2, n).toArray());
    try (Scope _ = backend.scope()) {
      Tensor x = View.PLAIN.of(backend, random(3, 5, n));
      norm.train(x.times(3).plus(2));
      Tensor y = norm.train(x).output();
      Tensor numbers = backend.empty(7, n);
      numbers.slice(0, 0, 5).assign(y);
      numbers.slice(0, 5, 6).assign(norm.runningMean().reshape(1, n));
      numbers.slice(0, 6, 7).assign(norm.runningVariance().reshape(1, n));
      return numbers.toArray();
    }
  }

  @OnEveryBackend
  void sameBitsInEveryRun(Backend backend) {
    Tensor x = View.PLAIN.of(backend, random(1, 3000, 33));
    float[] sums = x.sum(0).toArray();
    float[] all = x.sumOfSquares().toArray();
    float[] products = contract("bn,bs->ns", x, x).toArray();
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(sums, x.sum(0).toArray());
      assertArrayEquals(all, x.sumOfSquares().toArray());
      assertArrayEquals(products, contract("bn,bs->ns", x, x).toArray());
    }
  }
}
