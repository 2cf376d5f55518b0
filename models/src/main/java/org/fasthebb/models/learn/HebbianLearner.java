package org.fasthebb.models.learn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Centroids;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.random.Rng;

/**
 * Hebbian pre-training: every layer learns without labels, all at once. A supervised Hebbian
 * read-out on top of the features learns beside them, only to tell which epoch was best, as in the
 * authors' protocol.
 */
public final class HebbianLearner implements Learner {
  /** The authors' learning rate. */
  public static final float RATE = 1e-3f;

  private static final long READ_OUT = 2;

  private final Network network;
  private final HebbianRule rule;
  private final float eta;
  private final Tensor centroids;

  /**
   * Trains {@code network} by {@code rule}.
   *
   * @param classes that the read-out tells apart
   * @param seed of the read-out's initial weights
   */
  public HebbianLearner(Network network, HebbianRule rule, int classes, float eta, long seed) {
    this.network = network;
    this.rule = rule;
    this.eta = eta;
    int features = network.architecture().features();
    centroids =
        Network.uniform(network.backend(), Rng.key(seed, READ_OUT), features, classes, features);
  }

  /** The read-out's weights (classes, F). */
  public Tensor centroids() {
    return centroids;
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>(network.tensors());
    named.put("fc6.weight", centroids);
    return named;
  }

  @Override
  public void step(Batch batch, int epoch) {
    learn(batch.images(), batch.targets(), Network.Observer.NONE);
  }

  /** One step that lets {@code observer} see every layer's output; returns the scores before it. */
  public Tensor learn(Tensor images, Tensor targets, Network.Observer observer) {
    Tensor features = network.learn(rule, images, eta, observer);
    Tensor scores = Centroids.scores(features, centroids);
    centroids.addAssign(Centroids.delta(features, centroids, targets).timesAssign(eta));
    observer.saw("fc6", scores);
    return scores;
  }

  @Override
  public double validate(DataLoader examples) {
    return Accuracy.of(examples, this::scores, 1);
  }

  /** Scores (b, classes) of images; the largest names the class. Runs inside an open scope. */
  public Tensor scores(Tensor images) {
    return Centroids.scores(network.features(images), centroids);
  }
}
