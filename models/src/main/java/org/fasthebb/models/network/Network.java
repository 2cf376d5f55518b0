package org.fasthebb.models.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.hebb.HebbianLayer;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.models.random.Rng;

/**
 * A feature extractor: the blocks of an {@link Architecture}, in one {@link Variant}. The
 * classifier on top of it belongs to whoever trains it.
 *
 * <p>Images are (b, side, side, c), features (b, F). Weights are kept as (N, kernel, kernel, c).
 */
public final class Network {
  /** Numbers the streams of random weights: one per parameter, in order. */
  private static final long INITIALISATION = 1;

  private final Architecture architecture;
  private final Variant variant;
  private final List<Block> blocks = new ArrayList<>();

  /** A block's tensors. */
  private record Block(Architecture.Block shape, Tensor weights, Tensor bias, BatchNorm norm) {
    Tensor matrix() {
      return weights.reshape(weights.size(0), weights.size() / weights.size(0));
    }
  }

  /** A network with weights (and biases) drawn from U(-1/sqrt(S), 1/sqrt(S)), S the patch size. */
  public Network(Backend backend, Architecture architecture, Variant variant, long seed) {
    this.architecture = architecture;
    this.variant = variant;
    int channels = architecture.channels();
    long stream = Rng.key(seed, INITIALISATION);
    for (Architecture.Block shape : architecture.blocks()) {
      int k = shape.kernel();
      int n = shape.neurons();
      int s = k * k * channels;
      Tensor w = uniform(backend, Rng.key(stream, 2L * blocks.size()), s, n, k, k, channels);
      Tensor bias =
          variant.isBiased()
              ? uniform(backend, Rng.key(stream, 2L * blocks.size() + 1), s, n)
              : null;
      boolean modified = shape.modifiedNorm() && variant.hasModifiedNorm();
      blocks.add(new Block(shape, w, bias, new BatchNorm(backend, n, modified)));
      channels = n;
    }
  }

  /** A tensor of numbers from U(-1/sqrt(fan), 1/sqrt(fan)). */
  public static Tensor uniform(Backend backend, long key, int fan, int... shape) {
    Tensor tensor = backend.zeros(shape);
    double a = 1 / Math.sqrt(fan);
    float[] values = new float[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (a * (2.0 * Rng.uniform(key, i) - 1.0));
    }
    tensor.write(values);
    return tensor;
  }

  /** Where it lives. */
  public Backend backend() {
    return blocks.getFirst().weights.backend();
  }

  /** Its shape. */
  public Architecture architecture() {
    return architecture;
  }

  /** How it responds. */
  public Variant variant() {
    return variant;
  }

  /** Trained by backprop: weights, biases, and the scales and shifts of batch norms, by name. */
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (Block block : blocks) {
      named.put(block.shape.name() + ".weight", block.weights);
      if (block.bias != null) {
        named.put(block.shape.name() + ".bias", block.bias);
      }
      named.put(block.shape.norm() + ".weight", block.norm.gamma());
      named.put(block.shape.norm() + ".bias", block.norm.beta());
    }
    return named;
  }

  /** Everything that training changes: parameters, and the running statistics of batch norms. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = parameters();
    for (Block block : blocks) {
      named.put(block.shape.norm() + ".running_mean", block.norm.runningMean());
      named.put(block.shape.norm() + ".running_var", block.norm.runningVariance());
    }
    return named;
  }

  /** Features (b, F) of images, by the running statistics. */
  public Tensor features(Tensor images) {
    return features(images, Observer.NONE);
  }

  /** As {@link #features(Tensor)}; {@code observer} sees every intermediate value. */
  public Tensor features(Tensor images, Observer observer) {
    HebbianRule rule = variant.projects() ? new SoftWta() : new Hpca();
    Tensor x = images;
    for (Block block : blocks) {
      x = block.norm.evaluate(seenPool(block, respond(block, rule, x), observer));
      observer.saw(block.shape.norm(), x);
    }
    return flat(x);
  }

  private static Tensor respond(Block block, HebbianRule rule, Tensor x) {
    int k = block.shape.kernel();
    if (block.bias == null) {
      return new HebbianLayer(rule, block.matrix(), k, k).respond(x);
    }
    Tape tape = new Tape();
    Variable w = tape.constant(block.matrix());
    return tape.convolve(tape.constant(x), w, k, k).value().plus(block.bias).relu();
  }

  /** Watches the blocks of a forward pass. */
  public interface Observer {
    /** Ignores everything. */
    Observer NONE = (stage, value) -> {};

    /**
     * Called with each intermediate value.
     *
     * @param stage such as conv1, pool1 or bn1
     */
    void saw(String stage, Tensor value);
  }

  /**
   * One step of Hebbian learning in every layer at once: a layer learns from what the layers below
   * gave with their weights before the step. Batch norms are in training mode.
   *
   * @param rule whose response must be that of the variant
   * @param images (b, side, side, c)
   * @return features (b, F), from before the step
   */
  public Tensor learn(HebbianRule rule, Tensor images, float eta, Observer observer) {
    Tensor x = images;
    for (Block block : blocks) {
      int k = block.shape.kernel();
      Tensor y = new HebbianLayer(rule, block.matrix(), k, k).learn(x, eta);
      x = block.norm.train(seenPool(block, y, observer)).output();
      observer.saw(block.shape.norm(), x);
    }
    return flat(x);
  }

  private static Tensor seenPool(Block block, Tensor y, Observer observer) {
    observer.saw(block.shape.name(), y);
    if (block.shape.pool() == 1) {
      return y;
    }
    Tensor pooled = pool(y, block.shape.pool());
    observer.saw("pool" + block.shape.name().replaceAll("\\D", ""), pooled);
    return pooled;
  }

  private static Tensor pool(Tensor y, int k) {
    return k == 1 ? y : y.maxPool(k);
  }

  private static Tensor flat(Tensor x) {
    return x.reshape(x.size(0), x.size() / Math.max(1, x.size(0)));
  }

  /**
   * The training pass of backprop: features as a variable on a tape.
   *
   * @param leaves receives the parameters as variables, by the names of {@link #parameters}
   */
  public Variable forward(Tape tape, Tensor images, Map<String, Variable> leaves) {
    return forward(tape, images, leaves, new LinkedHashMap<>());
  }

  /**
   * As {@link #forward(Tape, Tensor, Map)}.
   *
   * @param pooled receives what each max-pooling gives, by the name of its block
   */
  Variable forward(
      Tape tape, Tensor images, Map<String, Variable> leaves, Map<String, Variable> pooled) {
    parameters().forEach((name, tensor) -> leaves.put(name, tape.parameter(tensor)));
    Variable x = tape.constant(images);
    for (Block block : blocks) {
      Architecture.Block shape = block.shape;
      Variable w = leaves.get(shape.name() + ".weight");
      Tensor matrix = block.matrix();
      Variable rows = tape.reshape(w, matrix.shape());
      if (variant.projects()) {
        rows = tape.normalizeRows(rows);
      }
      Variable y = tape.convolve(x, rows, shape.kernel(), shape.kernel());
      if (block.bias != null) {
        y = tape.plus(y, leaves.get(shape.name() + ".bias"));
      }
      y = tape.relu(y);
      if (shape.pool() > 1) {
        y = tape.maxPool(y, shape.pool());
        pooled.put(shape.name(), y);
      }
      Variable gamma = leaves.get(shape.norm() + ".weight");
      Variable beta = leaves.get(shape.norm() + ".bias");
      x = tape.batchNorm(y, block.norm, gamma, beta);
    }
    return tape.reshape(x, flat(x.value()).shape());
  }
}
