package org.fasthebb.hebb;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;

/**
 * The supervised Hebbian read-out: soft-WTA with the true labels in place of the competition. The
 * weights of class c move towards the mean of its samples, dW_c = 1/n_c sum_{b: label b = c} (x_b -
 * w_c); the weights of a class without samples do not change. Scores are w x / |w|.
 */
public final class Centroids {
  private Centroids() {}

  /**
   * Scores (B, C); the largest names the class.
   *
   * @param x features (B, S)
   * @param w weights (C, S)
   */
  public static Tensor scores(Tensor x, Tensor w) {
    return SoftWta.projection(x, w);
  }

  /**
   * The weight change (C, S) for a learning rate of 1.
   *
   * @param x features (B, S)
   * @param w weights (C, S)
   * @param targets R (B, C), 1 for the class of each row, else 0; see {@link Backend#oneHot}
   */
  public static Tensor delta(Tensor x, Tensor w, Tensor targets) {
    if (targets.size(0) != x.size(0) || targets.size(1) != w.size(0)) {
      throw new IllegalArgumentException(
          "targets "
              + targets.layout()
              + " do not fit features "
              + x.layout()
              + " and weights "
              + w.layout());
    }
    FactoredSums sums = new FactoredSums(w);
    sums.add(new LocalRule.Terms(targets.square(), null, targets.sum(0)), x);
    Tensor delta = w.backend().empty(w.shape()).fill(0);
    sums.addMean(delta, 1);
    return delta;
  }
}
