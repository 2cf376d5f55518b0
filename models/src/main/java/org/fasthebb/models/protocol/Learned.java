package org.fasthebb.models.protocol;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.learn.Classifier;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.learn.Normalisation;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.readout.ClassMeans;
import org.fasthebb.models.readout.NearestNeighbours;
import org.fasthebb.models.readout.ReadOutData;
import org.fasthebb.models.readout.Ridge;

/**
 * What a read-out has learned from fixed features.
 *
 * @param head tensors of a {@link Head}
 * @param history of learning them
 */
record Learned(Map<String, Tensor> head, History history) {
  /**
   * Checks that a read-out fits in memory.
   *
   * @param labelled number of images with labels
   * @param seen number of training images that it sees, with and without label
   * @param features of an image
   * @param classes of the labels
   * @param isValidated whether images are held out
   * @throws DataException if it does not
   */
  static void requireMemory(
      ReadOutSettings how, int labelled, int seen, int features, int classes, boolean isValidated) {
    long memory = Runtime.getRuntime().maxMemory();
    if (how.form().whitened() > 0) {
      Normalisation.requireMemory(features, memory);
    }
    switch (how.readOut()) {
      case RIDGE -> {
        int guesses = Ridge.mostGuesses(how.selfTraining(), seen - labelled);
        Ridge.requireMemory(labelled, features, classes, isValidated, memory);
        Ridge.requireMemory(labelled + guesses, features, classes, isValidated, memory);
      }
      case KNN -> NearestNeighbours.requireMemory(labelled, features, memory);
      case CENTROIDS, LINEAR, FINE_TUNE -> {} // these take little
    }
  }

  /**
   * Learns labels in closed form. In the history, the epochs of ridge regression are its rounds of
   * self-training, after one without; the others have one.
   */
  static Learned inClosedForm(ReadOutSettings how, ReadOutData data, Progress progress) {
    long start = System.nanoTime();
    return switch (how.readOut()) {
      case RIDGE -> {
        Ridge ridge = Ridge.fit(data, how.selfTraining(), progress::message);
        yield of(ridge.classifier().tensors(), ridge.accuracies(), ridge.best(), start);
      }
      case CENTROIDS -> {
        Classifier means = ClassMeans.fit(data);
        yield of(means.tensors(), data.accuracies(means::scores), 1, start);
      }
      case KNN -> {
        NearestNeighbours neighbours = NearestNeighbours.fit(data);
        progress.message("nearest neighbours: " + neighbours.k() + " vote");
        yield of(neighbours.tensors(), data.accuracies(neighbours::scores), 1, start);
      }
      case FINE_TUNE, LINEAR ->
          throw new IllegalArgumentException(how.readOut() + " is no read-out in closed form");
    };
  }

  private static Learned of(
      Map<String, Tensor> head, List<Double> accuracies, int best, long start) {
    int rounds = Math.max(1, accuracies.size());
    Double accuracy = accuracies.isEmpty() ? null : accuracies.get(best - 1);
    double seconds = (System.nanoTime() - start) * 1e-9;
    List<Double> losses = Collections.nCopies(rounds, 0.0);
    return new Learned(
        head, new History(rounds, best, accuracy, accuracies, List.of(), losses, seconds));
  }
}
