package org.fasthebb.models.learn;

import java.util.function.UnaryOperator;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.DataLoader;

/** Top-k accuracy: the share of images whose label is among the k highest scores. */
public final class Accuracy {
  private Accuracy() {}

  /**
   * The accuracy, from 0 to 1; 0 if there are no examples, NaN if a score is NaN.
   *
   * @param top k, at least 1; of equal scores the lower class ranks first
   * @param scores gives scores (b, classes) of images
   */
  public static double of(DataLoader examples, UnaryOperator<Tensor> scores, int top) {
    double[] correct = {0};
    examples.forEachBlock(
        (images, from) -> correct[0] += hits(scores.apply(images), examples, from, top));
    return correct[0] / Math.max(1, examples.size());
  }

  /** The number of images, or NaN. */
  private static double hits(Tensor scores, DataLoader examples, int from, int top) {
    float[] values = scores.toArray();
    for (float value : values) {
      if (Float.isNaN(value)) {
        return Double.NaN;
      }
    }
    int[] labels = examples.labels(from, from + scores.size(0));
    int classes = scores.size(1);
    int hits = 0;
    for (int b = 0; b < labels.length; b++) {
      float own = values[b * classes + labels[b]];
      int before = 0;
      for (int c = 0; c < classes; c++) {
        float other = values[b * classes + c];
        before += other < own || (other == own && c >= labels[b]) ? 0 : 1;
      }
      hits += before < top ? 1 : 0;
    }
    return hits;
  }
}
