package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.CPU;
import static org.fasthebb.engine.Tensors.assertClose;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.integers;
import static org.fasthebb.engine.Tensors.random;
import static org.fasthebb.engine.Tensors.transposed;
import static org.fasthebb.engine.Tensors.withGaps;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequential deflation against its definition, neuron by neuron in float64. */
class DeflationTest {
  /** sum_b y_bn (x_b - sum_{m &lt;= n} y_bm w_m), (n, s). */
  private static double[] naive(Tensor y, Tensor x, Tensor w) {
    int n = w.size(0);
    int s = w.size(1);
    double[] ys = Tensors.doubles(y);
    double[] ws = Tensors.doubles(w);
    double[] residual = Tensors.doubles(x);
    double[] change = new double[n * s];
    for (int i = 0; i < n; i++) {
      for (int b = 0; b < x.size(0); b++) {
        double output = ys[b * n + i];
        for (int j = 0; j < s; j++) {
          residual[b * s + j] -= output * ws[i * s + j];
          change[i * s + j] += output * residual[b * s + j];
        }
      }
    }
    return change;
  }

  private static void check(Tensor y, Tensor x, Tensor w, int block) {
    float scale = 0.25f;
    double[] change = naive(y, x, w);
    Tensor target = random(9, w.shape());
    double[] expected = Tensors.doubles(target);
    double[] stepped = Tensors.doubles(w);
    double tolerance = 1e-6;
    for (int i = 0; i < change.length; i++) {
      expected[i] += scale * change[i];
      stepped[i] += scale * change[i];
      tolerance = Math.max(tolerance, 2e-6 * Math.abs(change[i]));
    }
    CPU.device().deflate(y, x, w, block, scale, target);
    assertClose("b " + x.size(0) + " block " + block, expected, target, tolerance, 0);
    Tensor itself = w.copy();
    CPU.device().deflate(y, x, itself, block, scale, itself);
    assertClose("weights, block " + block, stepped, itself, tolerance, 0);
  }

  private static Tensor outputs(int seed, int b, int n) {
    return random(seed, b, n).relu().times(1f / n); // so that residuals do not grow
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12, 24, 37, 1000})
  void everySize(int block) {
    for (int b : new int[] {1, 3, 13, 64}) {
      for (int n : new int[] {1, 11, 24, 25, 80}) {
        for (int s : new int[] {1, 31, 32, 33, 200}) {
          check(outputs(b + n, b, n), random(b + s, b, s), random(n + s, n, s), block);
        }
      }
    }
  }

  @Test
  void manyRowsMakeNarrowSlices() {
    check(outputs(1, 5000, 7), random(2, 5000, 70), random(3, 7, 70), 3);
  }

  @Test
  void operandsMayBeViews() {
    Tensor x = random(1, 3, 9, 8, 3).slice(1, 1, 7).patches(5, 3);
    check(outputs(2, x.size(0), 30), x, random(3, 30, 45), 24);
    Tensor y = outputs(4, 20, 30);
    Tensor plain = random(5, 20, 45);
    check(transposed(y), withGaps(plain), withGaps(random(6, 30, 45)).contiguous(), 7);
    Tensor w = random(7, 30, 45);
    Tensor target = CPU.zeros(30, 45);
    Tensor expected = CPU.zeros(30, 45);
    CPU.device().deflate(y, plain, w, 7, 1, expected);
    CPU.device().deflate(withGaps(y), transposed(plain), transposed(w), 7, 1, target);
    assertExact("views", Tensors.doubles(expected), target);
  }

  @Test
  void blocksAreExact() {
    Tensor y = integers(1, 6, 40).relu();
    Tensor x = integers(2, 6, 50);
    Tensor w = integers(3, 40, 50);
    double[] expected = naive(y, x, w);
    for (int block : new int[] {1, 12, 24, 40}) {
      Tensor target = CPU.zeros(40, 50);
      CPU.device().deflate(y, x, w, block, 1, target);
      assertExact("block " + block, expected, target);
    }
  }

  @Test
  void withoutPatchesNothingChanges() {
    Tensor w = random(1, 5, 7);
    double[] before = Tensors.doubles(w);
    CPU.device().deflate(CPU.zeros(0, 5), CPU.zeros(0, 7), w, 3, 1, w);
    assertExact("no patches", before, w);
    CPU.device().deflate(CPU.zeros(4, 0), CPU.zeros(4, 7), CPU.zeros(0, 7), 3, 1, CPU.zeros(0, 7));
  }
}
