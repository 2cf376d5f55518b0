package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.assertClose;
import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.testing.Devices;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every rule learns the same on every backend. */
class RuleConformanceTest {
  private static final List<HebbianRule> RULES = Rules.ALL;

  private static List<Backend> backends;

  @BeforeAll
  static void open() {
    backends = Devices.all();
  }

  @AfterAll
  static void close() {
    backends.forEach(Backend::close);
  }

  @Test
  void theGpuIsTested() {
    assumeTrue(Devices.whyNoGpu() == null, Devices.whyNoGpu());
    assertEquals(2, backends.size());
    assertTrue(backends.getLast().describe().startsWith("cuda, "));
  }

  private static Tensor on(Backend backend, Tensor x) {
    return backend.of(x.toArray(), x.shape());
  }

  private static void check(Tensor images, UnaryOperator<Tensor> patches, int n) {
    Tensor x = patches.apply(images);
    Tensor w = weights(n, n, x.size(1));
    for (HebbianRule rule : RULES) {
      for (Backend backend : backends) {
        String name = rule + " on " + backend.describe() + " n " + n;
        Tensor there = patches.apply(on(backend, images));
        try (Scope _ = backend.scope()) {
          Tensor weights = on(backend, w);
          Statistics expected = rule.statistics(w, x.size(0));
          Statistics actual = rule.statistics(weights, x.size(0));
          assertClose(name + " output", expected.observe(x), actual.observe(there), 1e-5);
          assertClose(name + " delta", expected.delta(), actual.delta(), 1e-4);
        }
        Tensor before = w.copy();
        Tensor weights = on(backend, w);
        Tensor y = Tensors.CPU.zeros(x.size(0), n);
        Tensor z = backend.zeros(x.size(0), n);
        rule.learn(x, before, y, 0.1f);
        rule.learn(there, weights, z, 0.1f);
        assertClose(name + " learned output", y, z, 1e-5);
        assertClose(name + " learned", before, weights, 1e-4);
      }
    }
  }

  @Test
  void onRows() {
    for (int rows : new int[] {1, 33, 150}) {
      for (int s : new int[] {1, 20, 75}) {
        for (int n : new int[] {1, 7, 65}) {
          check(random(rows, rows, s), x -> x, n);
        }
      }
    }
  }

  @Test
  void onPatches() {
    check(random(1, 2, 9, 8, 3), images -> images.patches(5, 3), 33);
    check(random(2, 3, 6, 5, 8), images -> images.patches(3, 3), 10);
    check(random(3, 4, 5, 5, 2), images -> images.patches(5, 5), 40);
  }

  /** The step is recorded once and replayed many times, as in training. */
  @Test
  void recorded() {
    Tensor images = random(4, 2, 8, 8, 3);
    for (HebbianRule rule : RULES) {
      Tensor w = weights(5, 12, 27);
      Tensor y = Tensors.CPU.zeros(72, 12);
      for (int i = 0; i < 4; i++) {
        rule.learn(images.patches(3, 3), w, y, 0.1f);
      }
      for (Backend backend : backends) {
        Tensor x = on(backend, images).patches(3, 3);
        Tensor weights = on(backend, weights(5, 12, 27));
        Tensor z = backend.zeros(72, 12);
        try (Recording step = backend.record(() -> rule.learn(x, weights, z, 0.1f))) {
          for (int i = 0; i < 4; i++) {
            step.run();
          }
        }
        assertClose(rule + " on " + backend.describe(), w, weights, 1e-4);
      }
    }
  }
}
