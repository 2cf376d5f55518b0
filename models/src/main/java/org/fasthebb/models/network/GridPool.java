package org.fasthebb.models.network;

import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/**
 * Means of a k x k grid of windows: images (b, h, w, c) become (b, k, k, c). Every pixel is in one
 * window; where k does not divide a side, windows differ by one pixel.
 */
record GridPool(String name, int k) implements Stage {
  @Override
  public String describe() {
    return "means of a grid of %sx%s windows".formatted(k, k);
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    int[] shape = x.value().shape();
    return trace.tape().apply(x, evaluate(x.value()), dy -> spread(dy, shape));
  }

  @Override
  public Tensor evaluate(Tensor x) {
    Tensor y = x.backend().empty(x.size(0), k, k, x.size(3));
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        Tensor window = window(x, i, j);
        float share = 1f / (window.size(1) * window.size(2));
        at(y, i, j).assign(window.sum(1, 2).timesAssign(share));
      }
    }
    return y;
  }

  private Tensor spread(Tensor dy, int[] shape) {
    Tensor dx = dy.backend().empty(shape);
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        Tensor window = window(dx, i, j);
        float share = 1f / (window.size(1) * window.size(2));
        window.assign(at(dy, i, j).times(share).broadcast(window.shape()));
      }
    }
    return dx;
  }

  private Tensor window(Tensor x, int i, int j) {
    int h = x.size(1);
    int w = x.size(2);
    return x.slice(1, i * h / k, (i + 1) * h / k).slice(2, j * w / k, (j + 1) * w / k);
  }

  private static Tensor at(Tensor y, int i, int j) {
    return y.slice(1, i, i + 1).slice(2, j, j + 1);
  }
}
