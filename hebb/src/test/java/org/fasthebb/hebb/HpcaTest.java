package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.assertClose;
import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Hpca.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the naive form (eq. 7), eq. 8 and the blocked residual with eq. 7 in float64. */
class HpcaTest {
  private static HebbianRule[] rules() {
    return new HebbianRule[] {
      new Hpca(Form.GRAM), new Hpca(Form.RESIDUAL), new Hpca(), new NaiveHpca()
    };
  }

  private static void check(Tensor x, Tensor w) {
    PaperReference paper = new PaperReference(x, w);
    double[][] expected = paper.hpca();
    for (HebbianRule rule : rules()) {
      Statistics statistics = rule.statistics(w, x.size(0));
      Tensor y = statistics.observe(x);
      assertClose("output of " + rule, paper.hpcaOutput(), y, 2e-6);
      assertClose("change by " + rule, expected, statistics.delta(), 5e-6);
      assertArrayEquals(y.toArray(), rule.respond(x, w).toArray(), "respond");
      Tensor stepped = w.copy();
      Tensor output = y.backend().zeros(y.shape());
      rule.learn(x, stepped, output, 0.5f);
      assertArrayEquals(y.toArray(), output.toArray(), "output of learning by " + rule);
      assertClose("step by " + rule, expected, stepped.minus(w).times(2), 5e-6);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "33", "500"})
  void equation7AtEverySize(int patches) {
    for (int n : new int[] {1, 7, 64, 65, 130}) {
      for (int s : new int[] {1, 3, 75}) {
        check(random(patches + n, patches, s), weights(n + s, n, s));
      }
    }
  }

  @Test
  void patchViews() {
    Tensor images = random(1, 3, 9, 8, 3);
    check(images.patches(5, 3), weights(2, 70, 45));
    check(images.slice(1, 2, 8).patches(2, 2), weights(2, 13, 12));
  }

  @Test
  void zeroPatchesAndZeroNeurons() {
    Tensor x = random(1, 33, 12);
    Tensor w = weights(2, 70, 12);
    x.slice(0, 4, 6).fill(0);
    w.slice(0, 3, 4).fill(0);
    check(x, w);
    check(x.fill(0), w.fill(0));
  }

  @Test
  void theFirstNeuronFollowsOja() {
    Tensor x = random(1, 50, 6);
    Tensor w = weights(2, 1, 6);
    double[][] expected = new double[1][6];
    float[] weights = w.toArray();
    for (double[] patch : Tensors.rows(x)) {
      double y = 0;
      for (int j = 0; j < 6; j++) {
        y += weights[j] * patch[j];
      }
      y = Math.max(0, y);
      for (int j = 0; j < 6; j++) {
        expected[0][j] += y * (patch[j] - y * weights[j]) / 50;
      }
    }
    for (HebbianRule rule : rules()) {
      Statistics statistics = rule.statistics(w, 50);
      statistics.observe(x);
      assertClose("Oja by " + rule, expected, statistics.delta(), 1e-6);
    }
  }

  /** Orthonormal weights that span the space explain a patch of positive coordinates completely. */
  @Test
  void explainedPatchesDoNotChangeWeights() {
    float[] identity = new float[70 * 70];
    for (int i = 0; i < 70; i++) {
      identity[i * 71] = 1;
    }
    Tensor w = Tensors.CPU.of(identity, 70, 70);
    Tensor x = random(1, 5, 70).square();
    for (HebbianRule rule : rules()) {
      Statistics statistics = rule.statistics(w, 5);
      statistics.observe(x);
      float[] delta = statistics.delta().toArray();
      for (int i = 0; i < 70; i++) {
        for (int j = 0; j <= i; j++) { // neuron i sees what is left of coordinates up to i: nothing
          assertEquals(0, delta[i * 70 + j], 1e-5, rule + " at " + i + ", " + j);
        }
      }
    }
  }

  @Test
  void withoutPatchesWeightsDoNotChange() {
    for (HebbianRule rule : rules()) {
      Statistics statistics = rule.statistics(weights(1, 3, 4), 0);
      assertArrayEquals(new float[12], statistics.delta().toArray());
      assertEquals(0, statistics.observe(random(2, 0, 4)).size());
      assertArrayEquals(new float[12], statistics.delta().toArray());
    }
  }

  @Test
  void inputsAreNotChanged() {
    Tensor x = random(1, 10, 4);
    Tensor w = weights(2, 70, 4);
    float[] beforeX = x.toArray();
    float[] beforeW = w.toArray();
    for (HebbianRule rule : rules()) {
      Statistics statistics = rule.statistics(w, 10);
      statistics.observe(x);
      assertArrayEquals(statistics.delta().toArray(), statistics.delta().toArray(), "asked twice");
    }
    assertArrayEquals(beforeX, x.toArray());
    assertArrayEquals(beforeW, w.toArray());
  }

  /** Patches, neurons and patch size of the paper's small network. */
  @ParameterizedTest
  @CsvSource({
    "50176, 96, 75, GRAM",
    "9216, 128, 864, GRAM",
    "6400, 192, 1152, GRAM",
    "64, 4096, 2304, RESIDUAL",
    "1, 1, 1, GRAM"
  })
  void cheapestFormOfTheSmallNetwork(long patches, long n, long s, Form expected) {
    assertEquals(expected, new Hpca().formFor(patches, n, s));
    assertEquals(Form.GRAM, new Hpca(Form.GRAM).formFor(patches, n, s));
    assertEquals(Form.RESIDUAL, new Hpca(Form.RESIDUAL).formFor(patches, n, s));
  }

  @Test
  void cheapestIsTheDefault() {
    assertEquals(Form.CHEAPEST, new Hpca().form());
  }
}
