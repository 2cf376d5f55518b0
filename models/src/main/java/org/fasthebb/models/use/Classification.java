package org.fasthebb.models.use;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a model says an image is.
 *
 * @param ranking all classes, the one with the highest score first; of equal scores, in the order
 *     of the model's class names
 * @param probabilities whether scores are probabilities, which sum to 1. They are for models whose
 *     classifier was trained by cross-entropy, as fine-tuning and the linear read-out are; they are
 *     the model's own, so a model that was trained on few labels is often too sure. Ridge
 *     regression, class means and nearest neighbours give scores that only rank the classes
 */
public record Classification(List<ClassScore> ranking, boolean probabilities) {
  /**
   * A class with its score.
   *
   * @param name of the class
   * @param label its number in the model's class names
   * @param score the larger, the likelier: a probability from 0 to 1, or any number
   */
  public record ClassScore(String name, int label, float score) {}

  /** The name of the class with the highest score. */
  public String name() {
    return ranking.getFirst().name();
  }

  /** The highest score. */
  public float score() {
    return ranking.getFirst().score();
  }

  /** The probability of the first class, 0 to 1; empty if the model gives scores only. */
  public OptionalDouble probability() {
    return probabilities ? OptionalDouble.of(score()) : OptionalDouble.empty();
  }

  /** Ranks classes by the scores of an image, which lie from {@code at} on. */
  static Classification of(List<String> names, float[] scores, int at, boolean crossEntropy) {
    float[] own = new float[names.size()];
    System.arraycopy(scores, at, own, 0, own.length);
    if (crossEntropy) {
      softmax(own);
    }
    List<ClassScore> ranking = new ArrayList<>(own.length);
    for (int c = 0; c < own.length; c++) {
      ranking.add(new ClassScore(names.get(c), c, own[c]));
    }
    ranking.sort(Comparator.comparingDouble(ClassScore::score).reversed()); // stable
    return new Classification(List.copyOf(ranking), crossEntropy);
  }

  private static void softmax(float... scores) {
    double most = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      most = Math.max(most, score);
    }
    double sum = 0;
    double[] powers = new double[scores.length];
    for (int c = 0; c < scores.length; c++) {
      powers[c] = Math.exp(scores[c] - most);
      sum += powers[c];
    }
    for (int c = 0; c < scores.length; c++) {
      scores[c] = (float) (powers[c] / sum);
    }
  }
}
