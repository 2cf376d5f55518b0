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
 * What tells classes by the features of a network.
 *
 * @param tensors a {@link Classifier}'s, or the centroids of a Hebbian read-out, by name; none
 *     after a pre-training that needed no read-out
 * @param mirrored whether the features are means over an image and its mirror image
 */
public record Head(Map<String, Tensor> tensors, boolean mirrored) {
  /** No read-out yet. */
  static final Head NONE = new Head(Map.of(), false);

  /** Whether labels were learned, rather than centroids beside pre-training. */
  public boolean isClassifier() {
    return tensors.containsKey(Classifier.WEIGHT);
  }

  /** Scores (b, classes) of images; the largest names the class. */
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

  /** Empty tensors for all that a file can have of a head of this network, by name. */
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
