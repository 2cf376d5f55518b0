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
 * Hebbian pre-training: every layer learns without labels, all at once. Where images are held out,
 * a supervised Hebbian read-out on top of the features learns beside them, only to tell which epoch
 * was best, as in the authors' protocol.
 */
public final class HebbianLearner implements Learner {
  private final Network network;
  private final float eta;
  private final String readOut;

  /** The read-out's weights (classes, F); null without a read-out. */
  private final Tensor centroids;

  /**
   * Trains {@code network} by the rule of its neurons.
   *
   * @param classes that the read-out tells apart; 0 for no read-out
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

  /** The read-out's weights (classes, F), by name; nothing without a read-out. */
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

  /** One step that lets {@code observer} see what every stage gives, and the read-out's scores. */
  public void learn(Tensor images, Tensor targets, Sequence.Observer observer) {
    Tensor features = network.learn(images, eta, observer);
    if (centroids != null) {
      Tensor scores = Centroids.scores(features, centroids);
      centroids.addAssign(Centroids.delta(features, centroids, targets).timesAssign(eta));
      observer.saw(readOut, scores);
    }
  }

  /** Needs the read-out. */
  @Override
  public double validate(DataLoader examples) {
    return Accuracy.of(examples, this::scores, 1);
  }

  /** Scores (b, classes) of images; the largest names the class. Runs inside an open scope. */
  public Tensor scores(Tensor images) {
    return Centroids.scores(network.features(images), centroids);
  }
}
