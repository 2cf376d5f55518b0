package org.fasthebb.hebb;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;

/**
 * The supervised Hebbian read-out: soft-WTA with the true labels in place of the competition. The
 * weights of class c move towards the mean of its samples, dW_c = 1/n_c sum_{b: label b = c} (x_b -
 * w_c); a class without samples stays. Scores are w x / |w|.
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
   * @param labels one class below C for each row of x
   */
  public static Tensor delta(Tensor x, Tensor w, int[] labels) {
    if (labels.length != x.size(0)) {
      throw new IllegalArgumentException(
          "there are " + labels.length + " labels for features " + x.layout());
    }
    CompetitiveStatistics sums = new CompetitiveStatistics(w);
    sums.add(teacher(x.backend(), labels, w.size(0)), x);
    Tensor delta = w.backend().empty(w.shape()).fill(0);
    sums.addDelta(delta, 1);
    return delta;
  }

  /** R (B, C): 1 for the label of each row, else 0. */
  public static Tensor teacher(Backend backend, int[] labels, int classes) {
    float[] teacher = new float[labels.length * classes];
    for (int b = 0; b < labels.length; b++) {
      if (labels[b] < 0 || labels[b] >= classes) {
        throw new IllegalArgumentException(
            "label " + labels[b] + " of row " + b + " is not one of " + classes + " classes");
      }
      teacher[b * classes + labels[b]] = 1;
    }
    Tensor r = backend.empty(labels.length, classes);
    r.write(teacher);
    return r;
  }
}
