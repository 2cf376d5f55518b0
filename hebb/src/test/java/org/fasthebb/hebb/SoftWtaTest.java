package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.assertClose;
import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fasthebb.engine.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the naive form (eq. 5) and the fast form (eq. 6) with eq. 5 in float64. */
class SoftWtaTest {
  /**
   * Logits are at most 1/T = 50, rounded to 2^-24 of that, which changes a share R by some 1e-5.
   */
  private static final double TOLERANCE = 2e-5;

  private static void check(SoftWta fast, Tensor x, Tensor w) {
    HebbianRule naive = new Naive(fast);
    PaperReference paper = new PaperReference(x, w);
    double[][] expected = paper.softWta(fast.temperature());
    for (HebbianRule rule : new HebbianRule[] {fast, naive}) {
      Statistics statistics = rule.statistics(w, x.size(0));
      Tensor y = statistics.observe(x);
      assertClose("output of " + rule, paper.softWtaOutput(), y, 2e-6);
      assertClose("change by " + rule, expected, statistics.delta(), TOLERANCE);
      Tensor stepped = w.copy();
      Tensor output = y.backend().zeros(y.shape());
      rule.learn(x, stepped, output, 0.5f);
      assertArrayEquals(y.toArray(), output.toArray(), "output of learning by " + rule);
      assertClose("step by " + rule, expected, stepped.minus(w).times(2), TOLERANCE);
      assertClose("response of " + rule, paper.softWtaOutput(), rule.respond(x, w), 2e-6);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "33", "500"})
  void equation5AtEverySize(int patches) {
    for (int n : new int[] {1, 7, 64, 65, 130}) {
      for (int s : new int[] {1, 3, 75}) {
        check(new SoftWta(), random(patches + n, patches, s), weights(n + s, n, s));
      }
    }
  }

  @Test
  void similarityOfTheSameOppositeAndOrthogonal() {
    Tensor x = Tensors.CPU.of(new float[] {3, 0, -4, 0, 0, 5}, 3, 2);
    Tensor w = Tensors.CPU.of(new float[] {0.5f, 0}, 1, 2);
    assertArrayEquals(new float[] {1, 0, 0.25f}, SoftWta.similarity(x, w).toArray());
  }

  @Test
  void temperatureDecidesHowSoft() {
    Tensor x = random(1, 33, 20);
    Tensor w = weights(2, 9, 20);
    for (float temperature : new float[] {0.02f, 0.5f, 10}) {
      check(new SoftWta(temperature), x, w);
    }
  }

  @Test
  void patchViews() {
    Tensor images = random(1, 3, 9, 8, 3);
    check(new SoftWta(), images.patches(5, 3), weights(2, 13, 45));
    check(new SoftWta(), images.slice(1, 2, 8).patches(2, 2), weights(2, 13, 12));
  }

  @Test
  void zeroPatchesAndZeroNeurons() {
    Tensor x = random(1, 33, 12);
    Tensor w = weights(2, 7, 12);
    x.slice(0, 4, 6).fill(0);
    w.slice(0, 3, 4).fill(0);
    check(new SoftWta(), x, w);
    check(new SoftWta(), x.fill(0), w.fill(0));
  }

  @Test
  void aSingleNeuronTakesAllAndMovesToTheMean() {
    Tensor x = random(1, 40, 6);
    Tensor w = weights(2, 1, 6);
    Statistics statistics = new SoftWta().statistics(w, 40);
    statistics.observe(x);
    Tensor mean = x.sum(0).times(1f / 40);
    assertClose("mean - w", mean.minus(w), statistics.delta(), 1e-6);
  }

  @Test
  void withoutPatchesWeightsDoNotChange() {
    for (HebbianRule rule : new HebbianRule[] {new SoftWta(), new Naive(new SoftWta())}) {
      Statistics statistics = rule.statistics(weights(1, 3, 4), 0);
      assertArrayEquals(new float[12], statistics.delta().toArray());
      assertEquals(0, statistics.observe(random(2, 0, 4)).size());
      assertArrayEquals(new float[12], statistics.delta().toArray());
    }
  }

  @Test
  void inputsAreNotChanged() {
    Tensor x = random(1, 10, 4);
    Tensor w = weights(2, 3, 4);
    float[] beforeX = x.toArray();
    float[] beforeW = w.toArray();
    for (HebbianRule rule : new HebbianRule[] {new SoftWta(), new Naive(new SoftWta())}) {
      Statistics statistics = rule.statistics(w, 10);
      statistics.observe(x);
      assertArrayEquals(statistics.delta().toArray(), statistics.delta().toArray(), "asked twice");
    }
    assertArrayEquals(beforeX, x.toArray());
    assertArrayEquals(beforeW, w.toArray());
  }

  @Test
  void temperatureThatIsNotPositiveIsRefused() {
    for (float temperature : new float[] {0, -1, Float.NaN}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> new SoftWta(temperature)).getMessage();
      assertTrue(message.contains("" + temperature), message);
    }
  }

  @Test
  void patchesOfAnotherSizeAreRefused() {
    Statistics statistics = new SoftWta().statistics(weights(1, 3, 4), 5);
    String message =
        assertThrows(IllegalArgumentException.class, () -> statistics.observe(random(1, 5, 6)))
            .getMessage();
    assertTrue(message.contains("[5, 6]") && message.contains("[3, 4]"), message);
  }
}
