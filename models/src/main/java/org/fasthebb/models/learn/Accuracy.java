package org.fasthebb.models.learn;

import java.util.function.UnaryOperator;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.DataLoader;

/**
 * Top-1 and top-5 accuracy: the shares of images whose class has the highest score, or one of the
 * five highest; 0 to 1, or NaN if a score was NaN. Of equal scores the lower class ranks first.
 *
 * @param top1 decides which epoch is the best, for any number of classes
 * @param top5 is 1 if there are five classes or fewer
 */
public record Accuracy(double top1, double top5) {
  /** The paper reports top-1 accuracy up to this many classes, and top-5 accuracy above. */
  private static final int FEW_CLASSES = 10;

  /** How many of the highest scores the paper looks at: 5 if there are over ten classes, else 1. */
  public static int top(int classes) {
    return classes > FEW_CLASSES ? 5 : 1;
  }

  /** The one of both that the paper reports for data of this many classes. */
  public double reported(int classes) {
    return top(classes) == 5 ? top5 : top1;
  }

  /**
   * The accuracy on examples; 0 if there are none.
   *
   * @param scores gives scores (b, classes) of images
   */
  public static Accuracy of(DataLoader examples, UnaryOperator<Tensor> scores) {
    Hits hits = new Hits();
    examples.forEachBlock((images, from) -> {
      Tensor block = scores.apply(images);
      hits.add(block.toArray(), examples.labels(from, from + block.size(0)));
    });
    int size = Math.max(1, examples.size());
    return new Accuracy(hits.first / size, hits.amongFive / size);
  }

  /** Numbers of images; NaN if a score was. */
  private static final class Hits {
    private double first;
    private double amongFive;

    /** Adds images with their scores (b, classes). */
    void add(float[] scores, int[] labels) {
      for (float score : scores) {
        if (Float.isNaN(score)) {
          first = Double.NaN;
          amongFive = Double.NaN;
        }
      }
      int classes = scores.length / labels.length;
      for (int b = 0; b < labels.length; b++) {
        int rank = rank(scores, b * classes, classes, labels[b]);
        first += rank < 1 ? 1 : 0;
        amongFive += rank < 5 ? 1 : 0;
      }
    }

    /** How many classes rank before {@code label}. */
    private static int rank(float[] scores, int start, int classes, int label) {
      float own = scores[start + label];
      int before = 0;
      for (int c = 0; c < classes; c++) {
        float other = scores[start + c];
        before += other < own || (other == own && c >= label) ? 0 : 1;
      }
      return before;
    }
  }
}
