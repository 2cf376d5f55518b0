package org.fasthebb.models.learn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Centroids;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;
import org.fasthebb.models.network.Sequence;
import org.fasthebb.models.random.RandomStream;

/**
 * Hebbian pre-training: all layers learn at once, without labels. If images are held out for
 * validation, a supervised Hebbian read-out on the features is trained beside the layers. It serves
 * only to find the best epoch, as in the authors' protocol.
 */
public final class HebbianLearner implements Learner {
  private final Network network;
  private final float eta;
  private final String readOut;

  /** The read-out's weights (classes, F); null without a read-out. */
  private final Tensor centroids;

  /**
   * A learner for {@code network}, by the rule of its neurons.
   *
   * @param classes of the read-out; 0 for no read-out
   * @param eta learning rate
   * @param seed of the read-out's initial weights
   */
  public HebbianLearner(Network network, int classes, float eta, long seed) {
    this.network = network;
    this.eta = eta;
    readOut = network.architecture().readOut();
    int f = network.featureCount();
    long key = RandomStream.CENTROIDS.of(seed);
    centroids = classes == 0 ? null : Neurons.uniform(network.backend(), key, f, classes, f);
  }

  /** The read-out's weights (classes, F), by name; empty without a read-out. */
  public Map<String, Tensor> head() {
    return centroids == null ? Map.of() : Map.of(readOut + ".weight", centroids);
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>(network.tensors());
    named.putAll(head());
    return named;
  }

  @Override
  public void step(Batch batch, int epoch) {
    learn(batch.images(), batch.targets(), Sequence.Observer.NONE);
  }

  /** Takes one step; {@code observer} sees the output of every stage and the read-out's scores. */
  public void learn(Tensor images, Tensor targets, Sequence.Observer observer) {
    Tensor features = network.learn(images, eta, observer);
    if (centroids != null) {
      Tensor scores = Centroids.scores(features, centroids);
      centroids.addAssign(Centroids.delta(features, centroids, targets).timesAssign(eta));
      observer.saw(readOut, scores);
    }
  }

  @Override
  public float rate(int epoch) {
    return eta;
  }

  /** The accuracy of the read-out, which must exist. */
  @Override
  public double validate(DataLoader examples) {
    return Accuracy.of(examples, this::scores).top1();
  }

  /** Scores (b, classes) of images; the largest score names the class. Needs an open scope. */
  public Tensor scores(Tensor images) {
    return Centroids.scores(network.features(images), centroids);
  }
}
