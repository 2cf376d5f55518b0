package org.fasthebb.models.learn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.network.Neurons;
import org.fasthebb.models.random.RandomStream;
import org.fasthebb.models.random.Rng;

/**
 * A linear classifier on features that do not change: cross entropy, dropout of half the features
 * and {@link Adam}, as SoftHebb's authors train it.
 *
 * <p>Adam's steps do not depend on the scale of the features, so large features, such as
 * SoftHebb's, make the scores jump. {@link #normalizeBy} normalises features to mean 0 and variance
 * 1.
 */
public final class LinearLearner implements Learner {
  /** Learning rate of the first epochs. */
  private static final float RATE = 1e-3f;

  /** The rate is halved after these percentages of all epochs. */
  private static final int[] HALVINGS = {20, 35, 50, 60, 70, 80, 90};

  private static final float DROPPED = 0.5f;

  private final int epochs;
  private final long mask;
  private final Classifier classifier;
  private final Map<String, Tensor> parameters;
  private final Adam adam;

  /**
   * A learner for a new classifier with weights from U[0, sqrt(300 / features)), which is 0.1105
   * for the authors' 24,576 features, and biases from U(-1/sqrt(features), 1/sqrt(features)).
   *
   * @param features of an image, F
   * @param epochs in all, which decide when the learning rate falls
   * @param normalized whether features are normalised; if so, call {@link #normalizeBy} before the
   *     first step
   */
  public LinearLearner(
      Backend backend, int features, int classes, int epochs, boolean normalized, long seed) {
    this.epochs = epochs;
    mask = RandomStream.LINEAR_DROPOUT.of(seed);
    long key = RandomStream.LINEAR.of(seed);
    Tensor weight = Neurons.uniform(backend, Rng.key(key, 0), 1, classes, features);
    weight.addAssign(backend.zeros(1).fill(1)).timesAssign((float) Math.sqrt(75.0 / features));
    Tensor bias = Neurons.uniform(backend, Rng.key(key, 1), features, classes);
    BatchNorm norm = normalized ? new BatchNorm(backend, features, false) : null;
    classifier = new Classifier(weight, bias, norm);
    parameters = new Classifier(weight, bias, null).tensors();
    adam = new Adam(backend, parameters);
  }

  /** From now on, normalises features by their mean and variance over all examples. */
  public void normalizeBy(DataLoader examples) {
    Tensor mean = classifier.norm().runningMean().fill(0);
    Tensor variance = classifier.norm().runningVariance().fill(0);
    float share = 1f / examples.size();
    examples.forEachBlock((x, _) -> {
      mean.addAssign(x.sum(0).reshape(mean.size()).timesAssign(share));
      variance.addAssign(x.sumOfSquares(0).reshape(mean.size()).timesAssign(share));
    });
    try (Scope _ = mean.backend().scope()) {
      variance.addAssign(mean.square().timesAssign(-1)).reluAssign();
    }
  }

  /** The classifier. */
  public Classifier classifier() {
    return classifier;
  }

  @Override
  public Map<String, Tensor> model() {
    return classifier.tensors();
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = model();
    named.putAll(adam.tensors());
    return named;
  }

  @Override
  public float rate(int epoch) {
    int halvings = 0;
    for (int percent : HALVINGS) {
      halvings += epoch >= epochs * percent / 100 ? 1 : 0;
    }
    return RATE / (1 << halvings);
  }

  /** Takes one step; the batch's images are features (b, F). */
  @Override
  public void step(Batch batch, int epoch) {
    Tape tape = new Tape();
    Map<String, Variable> leaves = new LinkedHashMap<>();
    parameters.forEach((name, tensor) -> leaves.put(name, tape.parameter(tensor)));
    Variable features = tape.constant(classifier.seen(batch.images()));
    Variable kept = tape.dropout(features, DROPPED, mask, batch.number());
    Variable products = tape.contract("bs,ns->bn", kept, leaves.get(Classifier.WEIGHT));
    Variable logits = tape.plus(products, leaves.get(Classifier.BIAS));
    Variable loss = tape.crossEntropy(logits, batch.targets());
    tape.backward(loss);
    batch.lossSum().addAssign(loss.value().times(batch.images().size(0)));
    adam.step(leaves, rate(epoch));
  }

  @Override
  public double validate(DataLoader features) {
    return Accuracy.of(features, classifier::scores).top1();
  }
}
