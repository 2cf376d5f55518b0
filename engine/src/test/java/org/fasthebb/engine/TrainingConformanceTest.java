package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pooling, dropout and descent. */
class TrainingConformanceTest extends Conformance {
  private static final int[] SIZES = {1, 2, 31, 32, 33, 257, 1000};

  @OnEveryBackend
  void pooling(Backend backend) {
    for (int[] shape : new int[][] {{2, 8, 8, 3}, {1, 7, 5, 33}, {3, 2, 3, 1}, {0, 4, 4, 2}}) {
      for (int k : new int[] {1, 2}) {
        Tensor x = random(1, shape);
        int[] pooled = {shape[0], shape[1] / k, shape[2] / k, shape[3]};
        Tensor gradient = random(2, pooled);
        double[] top = new double[Tensors.count(pooled)];
        double[] back = new double[x.size()];
        pool(x, k, gradient, top, back);
        Tensor there = View.PLAIN.of(backend, x);
        Tensor out = backend.empty(pooled);
        Tensor winners = backend.empty(pooled);
        backend.device().maxPool(there, k, out, winners);
        assertClose("max", top, out, 0, 0);
        assertClose("max without winners", top, there.maxPool(k), 0, 0);
        Tensor dx = backend.empty(shape).fill(Float.NaN);
        backend.device().maxPoolBackward(View.PLAIN.of(backend, gradient), winners, k, dx);
        assertClose("gradient", back, dx, 0, 0);
      }
    }
  }

  private static void pool(Tensor x, int k, Tensor gradient, double[] top, double[] back) {
    float[] values = x.toArray();
    float[] dy = gradient.toArray();
    int[] at = {0};
    Tensors.forEachIndex(
        gradient.shape(),
        index -> {
          int best = -1;
          for (int i = 0; i < k * k; i++) {
            int row = (index[0] * x.size(1) + index[1] * k + i / k) * x.size(2);
            int from = (row + index[2] * k + i % k) * x.size(3) + index[3];
            best = best < 0 || values[from] > values[best] ? from : best;
          }
          top[at[0]] = values[best];
          back[best] = dy[at[0]++];
        });
  }

  @Test
  void equalValuesOfAWindowGoToTheFirst() {
    for (Backend backend : backends()) {
      Tensor winners = backend.empty(1, 1, 1, 1);
      backend.device().maxPool(backend.zeros(1, 2, 2, 1), 2, backend.empty(1, 1, 1, 1), winners);
      assertEquals(0, winners.item());
    }
  }

  @OnEveryBackend
  void dropoutDropsTheSameEverywhere(Backend backend) {
    Tensor x = random(1, 1000).plus(3);
    for (float p : new float[] {0, 0.25f, 0.9f}) {
      for (int step : new int[] {0, 1, 1_000_000}) {
        Tensor expected = Tensors.CPU.empty(1000);
        Tensors.CPU.device().dropout(x, p, -5, Tensors.CPU.of(new float[] {step}, 1), expected);
        Tensor out = backend.empty(1000);
        Tensor there = View.PLAIN.of(backend, x);
        backend.device().dropout(there, p, -5, backend.of(new float[] {step}, 1), out);
        assertArrayEquals(expected.toArray(), out.toArray());
      }
    }
  }

  @OnEveryBackend
  void uniformIsTheSameEverywhere(Backend backend) {
    for (int n : new int[] {1, 33, 20_000}) {
      for (int step : new int[] {0, 1, 1_000_000}) {
        float[] expected = new float[n];
        for (int i = 0; i < n; i++) {
          long key = SplitMix64.bits(-5, step) + (i + 1) * SplitMix64.GOLDEN;
          expected[i] = (SplitMix64.mix(key) >>> 40) / (float) (1 << 24);
        }
        Tensor out = backend.zeros(n + 3).slice(0, 1, n + 1);
        out.uniformAssign(-5, backend.of(new float[] {step}, 1));
        assertArrayEquals(expected, out.toArray());
      }
    }
  }

  @OnEveryBackend
  void descent(Backend backend) {
    List<Tensor> ws = new ArrayList<>();
    List<Tensor> gradients = new ArrayList<>();
    List<Tensor> velocities = new ArrayList<>();
    for (int i = 0; i < 70; i++) { // more than two launches of a GPU take
      int n = i % 9 == 4 ? 0 : SIZES[i % SIZES.length];
      ws.add(View.PLAIN.of(backend, random(3L * i, n)));
      gradients.add(View.PLAIN.of(backend, random(3L * i + 1, n)));
      velocities.add(View.PLAIN.of(backend, random(3L * i + 2, n)));
    }
    backend.device().descend(ws, gradients, velocities, 0.1f, 0.9f, 0.01f);
    for (int i = 0; i < ws.size(); i++) {
      double[] w = Tensors.doubles(random(3L * i, ws.get(i).size()));
      double[] v = Tensors.doubles(random(3L * i + 2, w.length));
      float[] gradient = gradients.get(i).toArray();
      for (int j = 0; j < w.length; j++) {
        double g = gradient[j] + 0.01 * w[j];
        v[j] = 0.9 * v[j] + g;
        w[j] -= 0.1 * (g + 0.9 * v[j]);
      }
      assertClose("w " + i, w, ws.get(i), 1e-6, 1e-5);
      assertClose("v " + i, v, velocities.get(i), 1e-6, 1e-5);
    }
  }
}
