package org.fasthebb.models.learn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
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
 * SoftHebb's, make the scores jump. A {@link Normalisation} to mean 0 and variance 1 avoids that.
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
   * @param normalisation of features
   */
  public LinearLearner(
      Backend backend,
      int features,
      int classes,
      int epochs,
      Normalisation normalisation,
      long seed) {
    this.epochs = epochs;
    mask = RandomStream.LINEAR_DROPOUT.of(seed);
    long key = RandomStream.LINEAR.of(seed);
    Tensor weight = Neurons.uniform(backend, Rng.key(key, 0), 1, classes, features);
    weight.addAssign(backend.zeros(1).fill(1)).timesAssign((float) Math.sqrt(75.0 / features));
    Tensor bias = Neurons.uniform(backend, Rng.key(key, 1), features, classes);
    classifier = new Classifier(weight, bias, normalisation);
    parameters = new Classifier(weight, bias, Normalisation.NONE).tensors();
    adam = new Adam(backend, parameters);
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
    Variable features = tape.constant(classifier.normalisation().of(batch.images()));
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
