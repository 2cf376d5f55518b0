package org.fasthebb.models.learn;

import static org.fasthebb.engine.Contraction.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.random.Rng;

/**
 * A linear classifier on features that do not change: cross entropy, dropout of half the features
 * and {@link Adam}, as SoftHebb's authors train it. The last epoch counts; nothing is validated.
 *
 * <p>Adam's steps are as long for large features as for small ones, so that large ones, as SoftHebb
 * gives, make the scores jump. {@link #normalizeBy} brings features to mean 0 and variance 1.
 */
public final class ReadOutLearner implements Learner {
  private static final long CLASSIFIER = 10;
  private static final long DROPOUT = 11;

  /** Learning rate of the first epochs. */
  private static final float RATE = 1e-3f;

  /** After these percentages of all epochs the rate is halved. */
  private static final int[] HALVINGS = {20, 35, 50, 60, 70, 80, 90};

  private static final float DROPPED = 0.5f;

  private final int epochs;
  private final long mask;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Adam adam;

  /** Of the features, over all examples; null where they are taken as they are. */
  private final BatchNorm norm;

  /**
   * A new classifier: weights from U[0, sqrt(300 / features)), which is 0.1105 for the authors'
   * 24,576 features, biases from U(-1/sqrt(features), 1/sqrt(features)).
   *
   * @param features of an image, F
   * @param epochs over which the learning rate falls
   * @param normalized whether features are normalised; {@link #normalizeBy} is to say how
   */
  public ReadOutLearner(
      Backend backend, int features, int classes, int epochs, boolean normalized, long seed) {
    this.epochs = epochs;
    mask = Rng.key(seed, DROPOUT);
    long key = Rng.key(seed, CLASSIFIER);
    Tensor weight = Network.uniform(backend, Rng.key(key, 0), 1, classes, features);
    weight.addAssign(backend.zeros(1).fill(1)).timesAssign((float) Math.sqrt(75.0 / features));
    parameters.put("fc.weight", weight);
    parameters.put("fc.bias", Network.uniform(backend, Rng.key(key, 1), features, classes));
    adam = new Adam(backend, parameters);
    norm = normalized ? new BatchNorm(backend, features, false) : null;
  }

  /** Normalises features by their mean and variance over all examples. */
  public void normalizeBy(DataLoader examples) {
    Tensor mean = norm.runningMean().fill(0);
    Tensor variance = norm.runningVariance().fill(0);
    float share = 1f / examples.size();
    examples.forEachBlock((x, _) -> {
      mean.addAssign(x.sum(0).reshape(mean.size()).timesAssign(share));
      variance.addAssign(x.sumOfSquares(0).reshape(mean.size()).timesAssign(share));
    });
    try (Scope _ = mean.backend().scope()) {
      variance.addAssign(mean.square().timesAssign(-1)).reluAssign();
    }
  }

  private Tensor normalized(Tensor features) {
    return norm == null ? features : norm.evaluate(features);
  }

  /**
   * The classifier: fc.weight (classes, F) and fc.bias (classes), and norm.running_mean and
   * norm.running_var (F) where features are normalised.
   */
  public Map<String, Tensor> model() {
    Map<String, Tensor> named = new LinkedHashMap<>(parameters);
    if (norm != null) {
      named.put("norm.running_mean", norm.runningMean());
      named.put("norm.running_var", norm.runningVariance());
    }
    return named;
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = model();
    named.putAll(adam.tensors());
    return named;
  }

  /** The learning rate of an epoch, counted from 0. */
  float rate(int epoch) {
    int halvings = 0;
    for (int percent : HALVINGS) {
      halvings += epoch >= epochs * percent / 100 ? 1 : 0;
    }
    return RATE / (1 << halvings);
  }

  /** One step; the batch's images are features (b, F). */
  @Override
  public void step(Batch batch, int epoch) {
    Tape tape = new Tape();
    Map<String, Variable> leaves = new LinkedHashMap<>();
    parameters.forEach((name, tensor) -> leaves.put(name, tape.parameter(tensor)));
    Variable features = tape.constant(normalized(batch.images()));
    Variable kept = tape.dropout(features, DROPPED, mask, batch.number());
    Variable products = tape.contract("bs,ns->bn", kept, leaves.get("fc.weight"));
    Variable logits = tape.plus(products, leaves.get("fc.bias"));
    Variable loss = tape.crossEntropy(logits, batch.targets());
    tape.backward(loss);
    batch.lossSum().addAssign(loss.value().times(batch.images().size(0)));
    adam.step(leaves, rate(epoch));
  }

  @Override
  public Criterion criterion() {
    return Criterion.NONE;
  }

  @Override
  public double validate(DataLoader examples) {
    return 0;
  }

  /** Scores (b, classes) of features (b, F); the largest names the class. */
  public Tensor scores(Tensor features) {
    return contract("bs,ns->bn", normalized(features), parameters.get("fc.weight"))
        .plus(parameters.get("fc.bias"));
  }
}
