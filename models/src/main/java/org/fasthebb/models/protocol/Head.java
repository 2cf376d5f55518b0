package org.fasthebb.models.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Centroids;
import org.fasthebb.models.learn.Classifier;
import org.fasthebb.models.network.Network;

/**
 * The classifier or Hebbian read-out that gives class scores from the features of a network.
 *
 * @param tensors those of a {@link Classifier}, or the centroids of a Hebbian read-out, by name;
 *     empty if pre-training had no read-out
 * @param mirrored whether the features are means over an image and its mirror image
 */
public record Head(Map<String, Tensor> tensors, boolean mirrored) {
  /** No read-out yet. */
  static final Head NONE = new Head(Map.of(), false);

  /** Whether this is a classifier, trained after pre-training, rather than a Hebbian read-out. */
  public boolean isClassifier() {
    return tensors.containsKey(Classifier.WEIGHT);
  }

  /** Scores (b, classes) of images; the largest score names the class. */
  Tensor scores(Network network, Tensor images) {
    if (tensors.isEmpty()) {
      throw new IllegalStateException("the model has no classifier yet; fine-tune it first");
    }
    Tensor features = mirrored ? network.symmetricFeatures(images) : network.features(images);
    return isClassifier()
        ? classifier().scores(features)
        : Centroids.scores(features, tensors.get(centroids(network)));
  }

  private static String centroids(Network network) {
    return network.architecture().readOut() + ".weight";
  }

  private Classifier classifier() {
    Tensor weight = tensors.get(Classifier.WEIGHT);
    BatchNorm norm = null;
    if (tensors.containsKey(Classifier.MEAN)) {
      norm = new BatchNorm(weight.backend(), weight.size(1), false);
      norm.runningMean().assign(tensors.get(Classifier.MEAN));
      norm.runningVariance().assign(tensors.get(Classifier.VARIANCE));
    }
    return new Classifier(weight, tensors.get(Classifier.BIAS), norm);
  }

  /** Empty tensors, by name, for every tensor that a file can hold for a head of this network. */
  static Map<String, Tensor> empty(Backend backend, Network network, int classes) {
    int f = network.featureCount();
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(centroids(network), backend.zeros(classes, f));
    named.put(Classifier.WEIGHT, backend.zeros(classes, f));
    named.put(Classifier.BIAS, backend.zeros(classes));
    named.put(Classifier.MEAN, backend.zeros(f));
    named.put(Classifier.VARIANCE, backend.zeros(f));
    return named;
  }
}
