package org.fasthebb.models.readout;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.InputSource;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.learn.Normalisation;

/**
 * What a read-out learns from.
 *
 * @param features of the images
 * @param normalisation of the features, fitted already
 * @param set the training images
 * @param labelled those of them whose labels may be used for learning
 * @param unlabelled those whose labels may not be used
 * @param validation those whose labels may be used for choices; may be empty
 */
public record ReadOutData(
    InputSource features,
    Normalisation normalisation,
    ImageSource set,
    int[] labelled,
    int[] unlabelled,
    int[] validation) {
  /** The labelled images with their labels, each of weight 1. */
  TrainingRows rows() {
    return rows(labelled, labels(), 1);
  }

  /** Images with labels, true or guessed, each of the same weight. */
  TrainingRows rows(int[] indices, int[] labels, float weight) {
    float[] weights = new float[indices.length];
    Arrays.fill(weights, weight);
    return new TrainingRows(
        features, normalisation, new Examples(set, indices), labels, weights, set.classes());
  }

  /** The labels of the labelled images. */
  int[] labels() {
    return Arrays.stream(labelled).map(set::label).toArray();
  }

  /** Whether there are images for choices. */
  public boolean hasValidation() {
    return validation.length > 0;
  }

  /**
   * The accuracy on the validation images.
   *
   * @param scores gives scores (b, classes) of features (b, F) that are not normalised
   */
  double accuracy(UnaryOperator<Tensor> scores) {
    return Accuracy.of(loader(validation), scores).top1();
  }

  /** The accuracy on the validation images in a list, which is empty if there are none. */
  public List<Double> accuracies(UnaryOperator<Tensor> scores) {
    return hasValidation() ? List.of(accuracy(scores)) : List.of();
  }

  /** The features of some images, not normalised. */
  DataLoader loader(int[] indices) {
    return DataLoader.once(features, new Examples(set, indices));
  }

  Backend backend() {
    return features.backend();
  }
}
