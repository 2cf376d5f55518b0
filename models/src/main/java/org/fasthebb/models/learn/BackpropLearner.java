package org.fasthebb.models.learn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;
import org.fasthebb.models.network.Trace;
import org.fasthebb.models.random.RandomStream;
import org.fasthebb.models.random.Rng;

/**
 * Trains a whole network and a linear classifier on labels, by backprop: cross entropy, dropout in
 * front of the classifier, SGD with Nesterov momentum and weight decay.
 */
public final class BackpropLearner implements Learner {
  private final Network network;
  private final FineTuning settings;
  private final boolean frozen;
  private final long seed;
  private final Classifier classifier;
  private final Map<String, Tensor> parameters;
  private final Sgd sgd;

  /** The parameters' variables in the last pass, by name; they hold the gradients. */
  private Map<String, Variable> leaves = Map.of();

  /**
   * A learner for {@code network} and a new classifier.
   *
   * @param frozen whether only the classifier learns; batch norms still update their running
   *     statistics
   * @param seed of the classifier's initial weights and of dropout
   */
  public BackpropLearner(
      Network network, int classes, FineTuning settings, boolean frozen, long seed) {
    this.network = network;
    this.settings = settings;
    this.frozen = frozen;
    this.seed = seed;
    Backend backend = network.backend();
    parameters = frozen ? new LinkedHashMap<>() : network.parameters();
    int f = network.featureCount();
    long key = RandomStream.CLASSIFIER.of(seed);
    classifier =
        new Classifier(
            Neurons.uniform(backend, Rng.key(key, 0), f, classes, f),
            Neurons.uniform(backend, Rng.key(key, 1), f, classes),
            Normalisation.NONE);
    parameters.putAll(classifier.tensors());
    sgd =
        new Sgd(
            parameters,
            settings.rate(),
            settings.schedule(),
            settings.momentum(),
            settings.decay());
  }

  /** The parameters that backprop changes: the classifier's and, unless frozen, the network's. */
  public Map<String, Tensor> parameters() {
    return parameters;
  }

  /** The classifier. */
  public Classifier classifier() {
    return classifier;
  }

  @Override
  public Map<String, Tensor> model() {
    Map<String, Tensor> named = new LinkedHashMap<>(network.tensors());
    named.putAll(classifier.tensors());
    return named;
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = model();
    named.putAll(sgd.tensors());
    return named;
  }

  @Override
  public void step(Batch batch, int epoch) {
    BackpropPass pass = forward(batch.images(), batch.targets(), batch.number());
    batch.lossSum().addAssign(pass.loss().times(batch.images().size(0)));
    descend(epoch);
  }

  /**
   * The results of a training pass.
   *
   * @param logits (b, classes)
   * @param loss mean cross entropy (1)
   */
  public record BackpropPass(Tensor logits, Tensor loss) {}

  /** Runs forward and backward; {@link #gradient} then has the gradients. */
  public BackpropPass forward(Tensor images, Tensor targets, Tensor number) {
    Tape tape = new Tape();
    Trace trace = Trace.training(tape);
    Variable features = network.trace(trace, images);
    if (frozen) {
      features = tape.constant(features.value());
    }
    Variable w = trace.parameter(Classifier.WEIGHT, classifier.weight());
    Variable b = trace.parameter(Classifier.BIAS, classifier.bias());
    leaves = trace.parameters();
    long mask = RandomStream.DROPOUT.of(seed);
    Variable kept = tape.dropout(features, settings.dropout(), mask, number);
    Variable logits = tape.plus(tape.contract("bs,ns->bn", kept, w), b);
    Variable loss = tape.crossEntropy(logits, targets);
    tape.backward(loss);
    return new BackpropPass(logits.value(), loss.value());
  }

  /** The gradient of a parameter after {@link #forward}; valid until the scope closes. */
  public Tensor gradient(String name) {
    return leaves.get(name).gradient();
  }

  /** Steps every parameter along its gradient. */
  public void descend(int epoch) {
    sgd.step(leaves, epoch);
  }

  @Override
  public float rate(int epoch) {
    return settings.schedule().rate(settings.rate(), epoch);
  }

  @Override
  public double validate(DataLoader examples) {
    return Accuracy.of(examples, this::scores).top1();
  }

  /** Scores (b, classes) of images; the largest score names the class. Needs an open scope. */
  public Tensor scores(Tensor images) {
    return classifier.scores(network.features(images));
  }
}
