package org.fasthebb.models.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Centroids;
import org.fasthebb.models.learn.Classifier;
import org.fasthebb.models.learn.Normalisation;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.models.readout.NearestNeighbours;

/**
 * The classifier or Hebbian read-out that gives class scores from the features of a network.
 *
 * @param tensors those of a {@link Classifier} or of {@link NearestNeighbours}, or the centroids of
 *     a Hebbian read-out, by name; empty if pre-training had no read-out
 * @param form how its features are made
 */
public record Head(Map<String, Tensor> tensors, FeatureForm form) {
  /** No read-out yet. */
  static final Head NONE = new Head(Map.of(), FeatureForm.PLAIN);

  /** Whether this has learned labels after pre-training, rather than being a Hebbian read-out. */
  public boolean isClassifier() {
    return tensors.containsKey(Classifier.WEIGHT) || tensors.containsKey(NearestNeighbours.ROWS);
  }

  /** Scores (b, classes) of images; the largest score names the class. */
  Tensor scores(Network network, Tensor images, int classes) {
    if (tensors.isEmpty()) {
      throw new IllegalStateException("the model has no classifier yet; fine-tune it first");
    }
    return scores(form.features(network, images), classes, network);
  }

  /** The same scores, from features (b, F) that were made so. */
  Tensor scores(Tensor features, int classes, Network network) {
    if (tensors.containsKey(NearestNeighbours.ROWS)) {
      return neighbours(classes).scores(features);
    }
    return isClassifier()
        ? classifier().scores(features)
        : Centroids.scores(features, tensors.get(centroids(network)));
  }

  private static String centroids(Network network) {
    return network.architecture().readOut() + ".weight";
  }

  private Classifier classifier() {
    Tensor weight = tensors.get(Classifier.WEIGHT);
    return new Classifier(weight, tensors.get(Classifier.BIAS), normalisation(weight));
  }

  private NearestNeighbours neighbours(int classes) {
    Tensor rows = tensors.get(NearestNeighbours.ROWS);
    int k = (int) tensors.get(NearestNeighbours.K).item();
    Tensor labels = tensors.get(NearestNeighbours.LABELS);
    return new NearestNeighbours(rows, labels, k, classes, normalisation(rows));
  }

  /** The normalisation of features of which {@code rows} (.., F) has a column for each. */
  private Normalisation normalisation(Tensor rows) {
    BatchNorm norm = null;
    if (tensors.containsKey(Normalisation.MEAN)) {
      norm = new BatchNorm(rows.backend(), rows.size(1), false);
      norm.runningMean().assign(tensors.get(Normalisation.MEAN));
      norm.runningVariance().assign(tensors.get(Normalisation.VARIANCE));
    }
    return new Normalisation(norm, tensors.get(Normalisation.WHITENING), form.unitLength());
  }

  /**
   * Empty tensors, by name, for every tensor that a file can hold for a head of this network.
   *
   * @param form how its features are made
   * @param neighbours labelled images that are kept as neighbours
   */
  static Map<String, Tensor> empty(
      Backend backend, Network network, FeatureForm form, int classes, int neighbours) {
    int width = form.width(network);
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(centroids(network), backend.zeros(classes, network.featureCount()));
    named.put(Classifier.WEIGHT, backend.zeros(classes, width));
    named.put(Classifier.BIAS, backend.zeros(classes));
    named.put(NearestNeighbours.ROWS, backend.zeros(neighbours, width));
    named.put(NearestNeighbours.LABELS, backend.zeros(neighbours));
    named.put(NearestNeighbours.K, backend.zeros(1));
    named.put(Normalisation.MEAN, backend.zeros(width));
    named.put(Normalisation.VARIANCE, backend.zeros(width));
    if (form.whitened() > 0) {
      named.put(Normalisation.WHITENING, backend.zeros(width, width));
    }
    return named;
  }
}
