package org.fasthebb.models.train;

import java.util.function.UnaryOperator;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/** Share of images whose highest score is at their label. */
final class Accuracy {
  private static final int BATCH = 64;

  private Accuracy() {}

  /**
   * From 0 to 1; 0 if there are no examples.
   *
   * @param scores gives scores (b, classes) of images
   */
  static double of(Batches examples, UnaryOperator<Tensor> scores) {
    int correct = 0;
    for (int from = 0; from < examples.size(); from += BATCH) {
      int to = Math.min(examples.size(), from + BATCH);
      try (Scope _ = examples.backend().scope()) {
        correct += hits(scores.apply(examples.images(from, to)), examples, from);
      }
    }
    return (double) correct / Math.max(1, examples.size());
  }

  private static int hits(Tensor scores, Batches examples, int from) {
    float[] values = scores.toArray();
    int[] labels = examples.labels(from, from + scores.size(0));
    int classes = scores.size(1);
    int hits = 0;
    for (int b = 0; b < labels.length; b++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (values[b * classes + c] > values[b * classes + best]) {
          best = c;
        }
      }
      hits += best == labels[b] ? 1 : 0;
    }
    return hits;
  }
}
