package org.fasthebb.hebb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Learning gives the same bits for any number of threads. */
class ThreadInvarianceTest {
  @SuppressWarnings("unused") // by the test, as its source
  private static final List<HebbianRule> RULES = Rules.FAST;

  /** Two steps of a layer on more than one block of patches; weights, then the second output. */
  private static float[][] learned(HebbianRule rule, int threads) {
    try (Backend backend = Backend.cpu(threads)) {
      Tensor images = Tensors.random(backend, 1, 10, 34, 34, 2);
      Tensor w = Tensors.weights(backend, 2, 70, 18);
      HebbianLayer layer = new HebbianLayer(rule, w, 3, 3);
      layer.learn(images, 0.01f);
      Tensor y = layer.learn(images, 0.01f);
      return new float[][] {w.toArray(), y.toArray()};
    }
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void learn(HebbianRule rule) {
    float[][] expected = learned(rule, 1);
    for (int threads : new int[] {2, 3, 5}) {
      float[][] actual = learned(rule, threads);
      assertArrayEquals(expected[0], actual[0], "weights, threads: " + threads);
      assertArrayEquals(expected[1], actual[1], "output, threads: " + threads);
    }
  }
}
