package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.assertClose;

import java.util.Arrays;

/** Softmax, the competition around it, and normalisation. */
class RowConformanceTest extends Conformance {
  private static final int[] SIZES = {1, 2, 31, 32, 33, 257, 1000};

  @OnEveryBackend
  void softmax(Backend backend) {
    for (int n : SIZES) {
      for (int rows : new int[] {0, 1, 33}) {
        Tensor x = random(n, rows, n);
        double[] expected = softmax(x, 50);
        for (View view : View.values()) {
          assertClose(expected, view.of(backend, x).softmax(50), 1e-6, 1e-4);
        }
      }
    }
  }

  /** softmax(scale x) over the last axis. */
  private static double[] softmax(Tensor x, double scale) {
    int n = x.size(-1);
    double[] e = Tensors.map(x, v -> scale * v);
    for (int row = 0; row < e.length; row += n) {
      double top = Arrays.stream(e, row, row + n).max().orElseThrow();
      double sum = 0;
      for (int j = 0; j < n; j++) {
        e[row + j] = Math.exp(e[row + j] - top);
        sum += e[row + j];
      }
      for (int j = 0; j < n; j++) {
        e[row + j] /= sum;
      }
    }
    return e;
  }

  @OnEveryBackend
  void compete(Backend backend) {
    for (int n : new int[] {1, 31, 32, 33, 257}) {
      for (int rows : new int[] {1, 7, 600}) {
        for (float scale : new float[] {50, 500}) {
          Tensor patchNorms = random(2, rows, 1).square().plus(0.5f);
          Tensor neuronNorms = random(3, 1, n).square().plus(0.5f);
          Tensor y = random(n, rows, n).times(patchNorms).times(neuronNorms); // by the cosines
          Tensor before = random(4, 2, n);
          Tensor projection = y.div(neuronNorms);
          double[] r = softmax(projection.div(patchNorms).plus(1).times(0.5f).square(), scale);
          double[] sums = Tensors.doubles(before);
          for (int i = 0; i < r.length; i++) {
            sums[i % n] += r[i];
            sums[n + i % n] += r[i] * r[i];
          }
          Tensor out = View.PLAIN.of(backend, y);
          Tensor squares = backend.empty(rows, n);
          Tensor added = View.PLAIN.of(backend, before);
          backend
              .device()
              .compete(
                  out,
                  View.PLAIN.of(backend, patchNorms),
                  View.PLAIN.of(backend, neuronNorms),
                  scale,
                  squares,
                  added);
          assertClose(Tensors.map(projection, v -> Math.max(0, v)), out, 1e-6, 1e-5);
          assertClose(Arrays.stream(r).map(v -> v * v).toArray(), squares, 1e-6, 1e-3);
          assertClose(sums, added, 1e-4, 1e-3);
        }
      }
    }
  }

  @OnEveryBackend
  void moments(Backend backend) {
    for (int n : new int[] {1, 31, 33, 96}) {
      for (int rows : new int[] {1, 2, 33, 257, 2000}) {
        Tensor x = random(n, rows, n).plus(100);
        double[] mean = reduced(x, new int[] {0}, 0, (sum, v) -> sum + v / rows);
        double[] variance = new double[n];
        float[] values = x.toArray();
        for (int i = 0; i < values.length; i++) {
          variance[i % n] += Math.pow(values[i] - mean[i % n], 2) / rows;
        }
        Tensor there = View.PLAIN.of(backend, x);
        Tensor m = backend.empty(n);
        Tensor v = backend.empty(n);
        backend.device().moments(there, m, v);
        assertClose("mean", mean, m, 1e-5, 1e-6);
        assertClose("variance", variance, v, 1e-5, 1e-4);
        Tensor scale = random(1, n);
        Tensor shift = random(2, n);
        Tensor out = backend.empty(rows, n);
        backend
            .device()
            .affine(there, View.PLAIN.of(backend, scale), View.PLAIN.of(backend, shift), out);
        assertClose("affine", Tensors.doubles(x.times(scale).plus(shift)), out, 1e-4, 1e-5);
      }
    }
  }
}
