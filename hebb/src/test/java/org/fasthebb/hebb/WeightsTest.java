package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.assertClose;
import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Weights that lie in memory in any way, and neurons with the same weights. */
class WeightsTest {
  @SuppressWarnings("unused") // by the test, as its source
  private static final List<HebbianRule> RULES = Rules.FAST;

  /** Rules under which neurons do not compete by their order. */
  @SuppressWarnings("unused")
  private static final List<HebbianRule> SYMMETRIC =
      List.of(new SoftWta(), new Oja(), new Subspace(), new Naive(new SoftWta()));

  @ParameterizedTest
  @FieldSource("RULES")
  void viewsLearnWhatGaplessWeightsLearn(HebbianRule rule) {
    for (int patches : new int[] {6, 50}) {
      Tensor x = random(1, patches, 20);
      Tensor expected = weights(2, 9, 20);
      Tensor transposed = Tensors.CPU.zeros(20, 9).permute(1, 0).assign(expected);
      Tensor inside = Tensors.CPU.zeros(12, 25).slice(0, 2, 11).slice(1, 3, 23).assign(expected);
      for (Tensor w : new Tensor[] {expected, transposed, inside}) {
        rule.learn(x, w, Tensors.CPU.zeros(patches, 9), 0.1f);
      }
      assertClose("transposed", expected, transposed, 2e-6);
      assertClose("inside", expected, inside, 2e-6);
    }
  }

  @ParameterizedTest
  @FieldSource("SYMMETRIC")
  void identicalNeuronsStayIdentical(HebbianRule rule) {
    for (int n : new int[] {5, 10, 17, 33, 70}) {
      for (int patches : new int[] {6, 90}) {
        Tensor w = weights(n, n, 20);
        w.slice(0, n - 1, n).assign(w.slice(0, 0, 1));
        for (int step = 0; step < 5; step++) {
          Tensor y = Tensors.CPU.zeros(patches, n);
          rule.learn(random(step, patches, 20), w, y, 0.05f);
          assertArrayEquals(
              y.slice(1, 0, 1).toArray(), y.slice(1, n - 1, n).toArray(), "outputs, step " + step);
          assertArrayEquals(
              w.slice(0, 0, 1).toArray(), w.slice(0, n - 1, n).toArray(), "weights, step " + step);
        }
      }
    }
  }
}
