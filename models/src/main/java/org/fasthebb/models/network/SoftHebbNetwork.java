package org.fasthebb.models.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HebbianLayer;
import org.fasthebb.hebb.SoftHebb;
import org.fasthebb.models.random.Rng;

/**
 * SoftHebb's network (Journé et al. 2023, as in its authors' demonstration): blocks of batch norm
 * without scale and shift, a convolution that keeps the image's size by mirroring its borders, the
 * activation {@link SoftHebb#triangle}, and pooling that halves the image.
 *
 * <p>Images are (b, side, side, c), features (b, F). Weights are kept as (N, kernel, kernel, c).
 */
public final class SoftHebbNetwork {
  /** Numbers the streams of random weights: one per block, in order. */
  private static final long INITIALISATION = 9;

  /** Norm of a neuron's weights at the start; learning brings it to 1. */
  private static final double INITIAL_NORM = 25;

  /**
   * The shape of a block, and how it learns.
   *
   * @param neurons number of output channels
   * @param kernel height and width of its patches; odd
   * @param sharpness t of the competition, see {@link SoftHebb}
   * @param rate learning rate
   * @param power of the activation
   * @param pool halves the image
   */
  public record Block(
      int neurons, int kernel, float sharpness, float rate, float power, Pool pool) {
    /** Checks the kernel. */
    public Block {
      if (kernel < 1 || kernel % 2 == 0) {
        throw new IllegalArgumentException(
            "a kernel of " + kernel + " pixels has no middle; it must be odd");
      }
    }
  }

  private final int side;
  private final int channels;
  private final List<Layer> layers = new ArrayList<>();

  private record Layer(Block shape, Tensor weights, BatchNorm norm) {
    HebbianLayer hebbian() {
      int n = shape.neurons;
      Tensor matrix = weights.reshape(n, weights.size() / n);
      return new HebbianLayer(new SoftHebb(shape.sharpness), matrix, shape.kernel, shape.kernel);
    }

    Tensor framed(Tensor x) {
      return Padding.reflect(x, shape.kernel / 2);
    }

    Tensor activated(Tensor u) {
      if (shape.pool != Pool.MAX) {
        return shape.pool.of(SoftHebb.triangle(u, shape.power));
      }
      // The largest power is the power of the largest: a quarter of the logarithms.
      return SoftHebb.raised(Pool.MAX.of(SoftHebb.triangle(u, 1)), shape.power);
    }
  }

  /** The authors' blocks for CIFAR-10. */
  public static List<Block> cifar10() {
    return List.of(
        new Block(96, 5, 1, 0.08f, 0.7f, Pool.MAX),
        new Block(384, 3, 0.65f, 0.005f, 1.4f, Pool.MAX),
        new Block(1536, 3, 0.25f, 0.01f, 1, Pool.MEAN));
  }

  /**
   * A network with weights drawn from a normal distribution of mean 0 and deviation 25 / sqrt(S), S
   * the patch size.
   *
   * @param side height and width of images
   * @param channels of images
   * @param blocks from the input upwards
   */
  public SoftHebbNetwork(Backend backend, int side, int channels, List<Block> blocks, long seed) {
    this.side = side;
    this.channels = channels;
    long stream = Rng.key(seed, INITIALISATION);
    int c = channels;
    for (Block block : blocks) {
      int k = block.kernel;
      int size = side >> layers.size();
      if (size < 2 || size <= k / 2) {
        throw new IllegalArgumentException(
            "images of %dx%d pixels are too small for block %d with patches of %dx%d"
                .formatted(side, side, layers.size() + 1, k, k));
      }
      Tensor w = backend.zeros(block.neurons, k, k, c);
      w.write(
          normal(Rng.key(stream, layers.size()), w.size(), INITIAL_NORM / Math.sqrt(k * k * c)));
      layers.add(new Layer(block, w, new BatchNorm(backend, c, false)));
      c = block.neurons;
    }
  }

  private static float[] normal(long key, int size, double deviation) {
    Rng rng = new Rng(key);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (deviation * rng.nextGaussian());
    }
    return values;
  }

  /** Where it lives. */
  public Backend backend() {
    return layers.getFirst().weights.backend();
  }

  /** Height and width of the images that it wants. */
  public int side() {
    return side;
  }

  /** Channels of the images that it wants. */
  public int channels() {
    return channels;
  }

  /** F, how many features come out for one image. */
  public int features() {
    int last = side >> layers.size();
    return last * last * layers.getLast().shape.neurons;
  }

  /** Everything that learning changes, by name: conv1.weight, bn1.running_mean, bn1.running_var. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      named.put("conv" + (i + 1) + ".weight", layer.weights);
      named.put("bn" + (i + 1) + ".running_mean", layer.norm.runningMean());
      named.put("bn" + (i + 1) + ".running_var", layer.norm.runningVariance());
    }
    return named;
  }

  /** Features (b, F) of images, by the running statistics. */
  public Tensor features(Tensor images) {
    Tensor x = images;
    for (Layer layer : layers) {
      Tensor normal = layer.norm.evaluate(x);
      x = layer.activated(layer.hebbian().respond(layer.framed(normal)));
    }
    return flat(x);
  }

  /**
   * Means (b, F) of the features of images and of their mirror images, left and right exchanged: an
   * image and its mirror image have the same, and a linear read-out need not learn that they show
   * the same thing. Not in the authors' protocol.
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
   * One step of learning in all blocks at once: a block learns from what the blocks below gave with
   * their weights before the step. Batch norms are in training mode.
   *
   * @param images (b, side, side, c)
   * @return features (b, F), from before the step
   */
  public Tensor learn(Tensor images) {
    Tensor x = images;
    for (Layer layer : layers) {
      Tensor normal = layer.norm.train(x).output();
      x = layer.activated(layer.hebbian().learn(layer.framed(normal), layer.shape.rate));
    }
    return flat(x);
  }

  private static Tensor flat(Tensor x) {
    return x.reshape(x.size(0), x.size() / Math.max(1, x.size(0)));
  }
}
