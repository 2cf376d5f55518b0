package org.fasthebb.models.network;

import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/**
 * A feature extractor: the stages of an {@link Architecture}, with {@link Neurons} that know how
 * they learn and respond. The classifier on top of it belongs to whoever trains it.
 *
 * <p>Images are (b, side, side, c), features (b, F). Weights are kept as (N, kernel, kernel, c).
 */
public final class Network {
  private final Backend backend;
  private final Architecture architecture;
  private final int side;
  private final Neurons neurons;
  private final Sequence sequence;
  private final int features;

  /** A network with random weights, for images of the side that its architecture was made for. */
  public Network(Backend backend, Architecture architecture, Neurons neurons, long seed) {
    this(backend, architecture, architecture.side(), neurons, seed);
  }

  /**
   * A network with random weights.
   *
   * @param side height and width of images
   * @throws IllegalArgumentException if images are too small for the architecture
   */
  public Network(Backend backend, Architecture architecture, int side, Neurons neurons, long seed) {
    this.backend = backend;
    this.architecture = architecture;
    this.side = side;
    this.neurons = neurons;
    features = architecture.featureCount(side);
    sequence = new Sequence(new Construction(backend, architecture, side, neurons, seed).stages());
  }

  /** Where it lives. */
  public Backend backend() {
    return backend;
  }

  /** Its shape. */
  public Architecture architecture() {
    return architecture;
  }

  /** Height and width of its images. */
  public int side() {
    return side;
  }

  /** F, how many features come out for an image. */
  public int featureCount() {
    return features;
  }

  /** What its neurons have in common. */
  public Neurons neurons() {
    return neurons;
  }

  /** Its stages, from the input upwards. */
  public List<Stage> stages() {
    return sequence.stages();
  }

  /** Its layers of neurons, from the input upwards. */
  public List<Convolution> layers() {
    return stages().stream()
        .filter(Convolution.class::isInstance)
        .map(Convolution.class::cast)
        .toList();
  }

  /** Trained by backprop: weights, biases, and the scales and shifts of batch norms, by name. */
  public Map<String, Tensor> parameters() {
    return sequence.parameters();
  }

  /** Everything that training changes: parameters, and the running statistics of batch norms. */
  public Map<String, Tensor> tensors() {
    return sequence.tensors();
  }

  /** Features (b, F) of images, by the running statistics. */
  public Tensor features(Tensor images) {
    return features(images, Sequence.Observer.NONE);
  }

  /** As {@link #features(Tensor)}; {@code observer} sees what every stage gives. */
  public Tensor features(Tensor images, Sequence.Observer observer) {
    return flat(sequence.evaluate(images, observer));
  }

  /**
   * Means (b, F) of the features of images and of their mirror images, left and right exchanged: an
   * image and its mirror image have the same, and a read-out need not learn that they show the same
   * thing.
   */
  public Tensor symmetricFeatures(Tensor images) {
    return features(images).addAssign(features(mirrored(images))).timesAssign(0.5f);
  }

  private static Tensor mirrored(Tensor images) {
    Tensor mirrored = images.backend().empty(images.shape());
    int last = images.size(2) - 1;
    for (int w = 0; w <= last; w++) {
      mirrored.slice(2, w, w + 1).assign(images.slice(2, last - w, last - w + 1));
    }
    return mirrored;
  }

  /**
   * One step of Hebbian learning in every layer at once: a layer learns from what the layers below
   * gave with their weights before the step. Batch norms are in training mode.
   *
   * @param images (b, side, side, c)
   * @return features (b, F), from before the step
   */
  public Tensor learn(Tensor images, float eta, Sequence.Observer observer) {
    return learn(images, eta, Reducer.IDENTITY, observer);
  }

  /**
   * As {@link #learn(Tensor, float, Sequence.Observer)}, from these images and those of other
   * shards of the batch.
   *
   * @param reducer adds the sums of the other shards, stage by stage: moments of batch norms and
   *     statistics of rules; all shards have equally many images
   */
  public Tensor learn(Tensor images, float eta, Reducer reducer, Sequence.Observer observer) {
    return flat(sequence.learn(images, eta, reducer, observer));
  }

  /** Features (b, F) on a tape, for backprop. */
  public Variable trace(Trace trace, Tensor images) {
    Variable x = sequence.trace(trace, trace.tape().constant(images));
    return trace.tape().reshape(x, flat(x.value()).shape());
  }

  private static Tensor flat(Tensor x) {
    return x.reshape(x.size(0), x.size() / Math.max(1, x.size(0)));
  }
}
