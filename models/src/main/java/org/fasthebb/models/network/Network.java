package org.fasthebb.models.network;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;
import org.fasthebb.models.random.RandomStream;
import org.fasthebb.models.random.Rng;

/**
 * A feature extractor: the stages of an {@link Architecture}, whose {@link Neurons} know how they
 * learn and respond. It has no classifier; a learner adds one on top of the features.
 *
 * <p>Images are (b, side, side, c), features (b, F), weights (N, kernel, kernel, c).
 *
 * <pre>{@code
 * Neurons neurons = Neurons.hebbian(new SoftWta());
 * Network network = new Network(backend, Architecture.small(), neurons, 0);
 * try (Scope _ = backend.scope()) {
 *   network.learn(images, 1e-3f, Sequence.Observer.NONE); // images (64, 32, 32, 3)
 *   float[] features = network.features(images).toArray(); // (64, 4096)
 * }
 * }</pre>
 */
public final class Network {
  /**
   * The most values of maps to have in memory at a time; they take 4 bytes each. With fewer, wide
   * layers would see too few images at a time, and their products would take half as long again.
   */
  static final long MOST_VALUES = 1L << 27;

  private final Backend backend;
  private final Architecture architecture;
  private final int side;
  private final Neurons neurons;
  private final Sequence sequence;
  private final int features;

  /** The most images that are evaluated at a time. */
  private final int mostImages;

  /** The same where somebody sees the outputs of all stages, which are then all in memory. */
  private final int mostObserved;

  /** A network with random weights, for images of the architecture's own size. */
  public Network(Backend backend, Architecture architecture, Neurons neurons, long seed) {
    this(backend, architecture, architecture.side(), neurons, seed);
  }

  /**
   * A network with random weights.
   *
   * @param side height and width of images
   * @param seed decides the weights
   * @throws IllegalArgumentException if images are too small for the architecture
   */
  public Network(Backend backend, Architecture architecture, int side, Neurons neurons, long seed) {
    this.backend = backend;
    this.architecture = architecture;
    this.side = side;
    this.neurons = neurons;
    features = architecture.featureCount(side);
    // Nothing keeps the outputs of two-sided thresholds: they are averaged as they are computed.
    mostImages = most(layer -> !(layer instanceof Layer.TwoSided));
    mostObserved = most(_ -> true);
    sequence = new Sequence(new Construction(backend, architecture, side, neurons, seed).stages());
  }

  /** How many images fit in memory with their maps, if only the outputs of some layers count. */
  private int most(Predicate<Layer> counts) {
    long values =
        architecture.inputs(side).stream()
            .filter(x -> counts.test(x.layer()))
            .mapToLong(x -> {
              long size = architecture.sizeAfter(x.layer(), x.size(), side);
              return size * size * Architecture.channelsAfter(x.layer(), x.channels());
            })
            .sum();
    return (int) Math.max(1, MOST_VALUES / Math.max(1, values));
  }

  /** The backend that holds the tensors. */
  public Backend backend() {
    return backend;
  }

  /** The architecture that this network was made from. */
  public Architecture architecture() {
    return architecture;
  }

  /** Height and width of the images that it takes. */
  public int side() {
    return side;
  }

  /** The number F of features of an image. */
  public int featureCount() {
    return features;
  }

  /** How its neurons learn and respond. */
  public Neurons neurons() {
    return neurons;
  }

  /** All stages, from the input upwards. */
  public List<Stage> stages() {
    return sequence.stages();
  }

  /** The names of all stages in the order in which an observer sees them, also in branches. */
  public List<String> stageNames() {
    return sequence.names();
  }

  /**
   * The stages as learning walks them: a convolution and the max-pooling behind it are one, and so
   * are a two-sided threshold and the means behind it.
   */
  public List<Stage> joinedStages() {
    return sequence.joined();
  }

  /** Whether it has parts that see the same images side by side. */
  public boolean hasBranches() {
    return stages().stream().anyMatch(Branches.class::isInstance);
  }

  /** The layers of neurons, from the input upwards. */
  public List<Convolution> layers() {
    return sequence.layers();
  }

  /** What backprop trains, by name: weights, biases, and scales and shifts of batch norms. */
  public Map<String, Tensor> parameters() {
    return sequence.parameters();
  }

  /** Everything that training changes: parameters, and the running statistics of batch norms. */
  public Map<String, Tensor> tensors() {
    return sequence.tensors();
  }

  /** Features (b, F) of images (b, side, side, c); batch norms use their running statistics. */
  public Tensor features(Tensor images) {
    return flat(maps(images));
  }

  /** The same as {@link #features(Tensor)}; {@code observer} sees the output of every stage. */
  public Tensor features(Tensor images, Sequence.Observer observer) {
    return flat(sequence.evaluate(images, observer));
  }

  /** The same values as {@link #features(Tensor)} as maps (b, h, w, c). */
  public Tensor maps(Tensor images) {
    return inPieces(images, mostImages, some -> sequence.evaluate(some, Sequence.Observer.NONE));
  }

  /**
   * Evaluates a few images at a time, where the maps of all would take much memory.
   *
   * @param images (b, side, side, c)
   * @param evaluation makes a tensor (n, ..) of n images, and may observe the outputs of all
   *     stages; of each image it makes the same, up to rounding, as of it alone
   * @return (b, ..)
   */
  public Tensor inPieces(Tensor images, UnaryOperator<Tensor> evaluation) {
    return inPieces(images, mostObserved, evaluation);
  }

  private Tensor inPieces(Tensor images, int most, UnaryOperator<Tensor> evaluation) {
    int b = images.size(0);
    if (b <= most) {
      return evaluation.apply(images);
    }
    int piece = Math.ceilDiv(b, Math.ceilDiv(b, most)); // so that no piece is much smaller
    Tensor all = null;
    for (int from = 0; from < b; from += piece) {
      int to = Math.min(from + piece, b);
      try (Scope scope = backend.scope()) {
        Tensor some = evaluation.apply(images.slice(0, from, to).contiguous());
        if (all == null) {
          int[] shape = some.shape();
          shape[0] = b;
          all = scope.keep(backend.empty(shape));
        }
        all.slice(0, from, to).assign(some);
      }
    }
    return all;
  }

  /**
   * Means (b, h, w, c) of the maps of images (b, side, side, c) and of their mirror images, left
   * and right exchanged. An image and its mirror image get the same maps, so a read-out need not
   * learn that they show the same thing.
   */
  public Tensor symmetricMaps(Tensor images) {
    return maps(images).addAssign(maps(mirrored(images))).timesAssign(0.5f);
  }

  /** Tensors (.., c1), (.., c2), .. side by side: (.., c1 + c2 + ..). */
  public static Tensor sideBySide(List<Tensor> parts) {
    Tensor first = parts.getFirst();
    int last = first.rank() - 1;
    int[] shape = first.shape();
    shape[last] = parts.stream().mapToInt(part -> part.size(last)).sum();
    Tensor all = first.backend().empty(shape);
    int from = 0;
    for (Tensor part : parts) {
      all.slice(last, from, from += part.size(last)).assign(part);
    }
    return all;
  }

  /** Images with left and right exchanged. */
  public static Tensor mirrored(Tensor images) {
    Tensor mirrored = images.backend().empty(images.shape());
    int last = images.size(2) - 1;
    for (int w = 0; w <= last; w++) {
      mirrored.slice(2, w, w + 1).assign(images.slice(2, last - w, last - w + 1));
    }
    return mirrored;
  }

  /**
   * Takes one step of Hebbian learning in all layers at once: each layer's input comes from the
   * layers below with their weights before the step. Batch norms are in training mode.
   *
   * @param images (b, side, side, c)
   * @param eta learning rate
   * @return features (b, F), by the weights before the step
   * @throws IllegalStateException if the neurons have no Hebbian rule
   */
  public Tensor learn(Tensor images, float eta, Sequence.Observer observer) {
    return learn(images, eta, Reducer.IDENTITY, observer);
  }

  /**
   * Does the same as {@link #learn(Tensor, float, Sequence.Observer)}, but steps from the images of
   * all shards of the batch.
   *
   * @param reducer adds the sums of the other shards, stage by stage: moments of batch norms and
   *     statistics of rules; all shards must have the same number of images
   */
  public Tensor learn(Tensor images, float eta, Reducer reducer, Sequence.Observer observer) {
    return flat(sequence.learn(images, eta, reducer, observer));
  }

  /** Features (b, F) of images (b, side, side, c), recorded on a tape for backprop. */
  public Variable trace(Trace trace, Tensor images) {
    Variable x = sequence.trace(trace, trace.tape().constant(images));
    return trace.tape().reshape(x, flat(x.value()).shape());
  }

  /**
   * Makes the weights of every neuron a random patch of what its layer sees, of length 1, from the
   * first layer upwards. On the way batch norms normalise these images by their own statistics.
   *
   * @param images (b, side, side, c)
   * @param seed decides which patches
   */
  public void startFromPatches(Tensor images, long seed) {
    Rng random = new Rng(RandomStream.PATCHES.of(seed));
    sequence.startFromPatches(images, random);
  }

  /**
   * Prepares the network from images before it learns. Only a whitening of patches needs that: it
   * takes mean and covariances from all of them, and the neurons behind it start as patches that it
   * has whitened. Other networks do not change.
   *
   * @param images (b, side, side, c)
   * @param seed decides which patches
   */
  public void fit(Tensor images, long seed) {
    sequence.fit(images, new Rng(RandomStream.PATCHES.of(seed)));
  }

  /**
   * Adds nodes that compute the maps of all stages to a graph; features are those of the last.
   *
   * @param images in the graph, prepared
   * @return the output of each stage, by its name
   */
  public Map<String, OnnxMaps> onnx(OnnxGraph graph, OnnxMaps images) {
    try (Scope _ = backend.scope()) {
      Tensor blank = backend.empty(1, side, side, Architecture.CHANNELS).fill(0);
      return sequence.onnx(graph, images, blank);
    }
  }

  private static Tensor flat(Tensor x) {
    return x.reshape(x.size(0), x.size() / Math.max(1, x.size(0)));
  }
}
