package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

/** The residual form of HPCA, and the triangle it multiplies by. */
class DeflationConformanceTest extends Conformance {
  @OnEveryBackend
  void deflate(Backend backend) {
    for (int n : new int[] {1, 5, 33, 257, 520}) {
      for (int b : new int[] {1, 9}) {
        for (int s : new int[] {1, 33}) {
          Tensor y = random(n, b, n).relu();
          Tensor x = random(2, b, s);
          Tensor w = random(3, n, s).times(0.1f);
          double[] expected = deflated(y, x, w, 0.25);
          Tensor own = View.PLAIN.of(backend, w);
          Tensor ys = View.GAPS.of(backend, y);
          backend.device().deflate(ys, View.TRANSPOSED.of(backend, x), own, 24, 0.25f, own);
          assertClose("into w", expected, own, 2e-4, 1e-4);
          Tensor other = backend.zeros(n, s);
          Tensor weights = View.PLAIN.of(backend, w);
          backend.device().deflate(ys, View.PLAIN.of(backend, x), weights, 7, 0.25f, other);
          assertClose("into another", expected, other.plus(weights), 2e-4, 1e-4);
          assertArrayEquals(w.toArray(), weights.toArray());
        }
      }
    }
  }

  /** w_n + scale sum_b y_bn (x_b - sum_{m &lt;= n} y_bm w_m). */
  private static double[] deflated(Tensor y, Tensor x, Tensor w, double scale) {
    int n = w.size(0);
    int s = w.size(1);
    double[] ys = Tensors.doubles(y);
    double[] ws = Tensors.doubles(w);
    double[] out = ws.clone();
    for (int b = 0; b < x.size(0); b++) {
      double[] residual = Tensors.doubles(x.slice(0, b, b + 1));
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < s; j++) {
          residual[j] -= ys[b * n + i] * ws[i * s + j];
          out[i * s + j] += scale * ys[b * n + i] * residual[j];
        }
      }
    }
    return out;
  }

  @OnEveryBackend
  void triangle(Backend backend) {
    for (int[] shape : new int[][] {{1, 1}, {5, 5}, {33, 7}, {3, 40}, {0, 3}}) {
      Tensor x = random(1, shape);
      double[] expected = Tensors.doubles(x);
      for (int i = 0; i < expected.length; i++) {
        expected[i] = i % shape[1] > i / shape[1] ? 0 : expected[i];
      }
      for (View view : View.values()) {
        assertClose(expected, view.of(backend, x).lowerTriangleAssign(), 0, 0);
      }
    }
  }
}
