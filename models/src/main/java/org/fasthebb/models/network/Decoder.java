package org.fasthebb.models.network;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.network.Activations.Relu;
import org.fasthebb.models.random.Rng;

/**
 * The decoder of an auto-encoder: the encoder in reverse, from latents (b, z) to images. It has two
 * linear layers, then a transposed convolution for each layer of the encoder but the last, from the
 * top down. Each layer is followed by ReLU, unpooling (if the encoder has max-pooling there) and
 * batch norm, in this order. Only the lowest layer has no ReLU; the output of its batch norm is the
 * image. Maps that the linear layers make are unpooled after their batch norm, which is of
 * features.
 *
 * <p>Layers are named as in the authors' code: dec_fc0, dec_fc1, dec_conv2, .., with batch norms
 * dec_bn0, dec_bn1, ..
 */
final class Decoder {
  private final Backend backend;

  /** The stream that weights are drawn from. */
  private final long stream;

  private final List<Stage> stages = new ArrayList<>();
  private int number;

  private Decoder(Backend backend, long stream) {
    this.backend = backend;
    this.stream = stream;
  }

  /**
   * A decoder with weights and biases drawn from U(-1/sqrt(S), 1/sqrt(S)). S is the number of
   * inputs of a linear layer, and kernel kernel c for a transposed convolution.
   *
   * @param encoder a network whose last layer is fully connected
   * @param stream of random numbers
   */
  static Sequence of(Network encoder, int latents, long stream) {
    Decoder decoder = new Decoder(encoder.backend(), stream);
    List<Convolution> layers = encoder.layers();
    Convolution top = layers.getLast();
    int k = top.kernel();
    int c = top.weights().size(3);
    int features = encoder.featureCount();
    if (layers.size() < 2 || features != top.weights().size(0)) {
      throw new IllegalArgumentException(
          "the network %s cannot be an encoder, because its last layer is not fully connected"
              .formatted(encoder.architecture().name()));
    }
    decoder.linear(latents, features);
    decoder.linear(features, k * k * c);
    decoder.stages.add(new Maps("dec_maps", k, k, c));
    decoder.unpool(encoder, layers.get(layers.size() - 2));
    for (int i = layers.size() - 2; i > 0; i--) {
      decoder.paint(layers.get(i));
      decoder.relu();
      decoder.unpool(encoder, layers.get(i - 1));
      decoder.norm(layers.get(i).weights().size(3));
    }
    decoder.paint(layers.getFirst());
    decoder.norm(layers.getFirst().weights().size(3));
    return new Sequence(decoder.stages);
  }

  /** Name of the max-pooling between a layer of neurons and the next one; null if there is none. */
  private static String poolAfter(Network encoder, Convolution layer) {
    List<Stage> stages = encoder.stages();
    for (int i = stages.indexOf(layer) + 1; !(stages.get(i) instanceof Convolution); i++) {
      if (stages.get(i) instanceof MaxPool pool) {
        return pool.name();
      }
    }
    return null;
  }

  /** Reverses the max-pooling that follows a layer of the encoder, if there is one. */
  private void unpool(Network encoder, Convolution layer) {
    String pool = poolAfter(encoder, layer);
    if (pool != null) {
      stages.add(new Unpool("dec_un" + pool, pool));
    }
  }

  private void linear(int inputs, int outputs) {
    Tensor weights = uniform(0, inputs, outputs, inputs);
    stages.add(new Linear("dec_fc" + number, weights, uniform(1, inputs, outputs)));
    relu();
    norm(outputs);
  }

  private void paint(Convolution inverse) {
    int k = inverse.kernel();
    int n = inverse.weights().size(0);
    int c = inverse.weights().size(3);
    int fan = k * k * c;
    Tensor weights = uniform(0, fan, n, k, k, c);
    stages.add(new ConvolutionTransposed("dec_conv" + number, weights, uniform(1, fan, c)));
  }

  private void relu() {
    stages.add(new Relu("dec_relu" + number));
  }

  private void norm(int channels) {
    stages.add(new Norm("dec_bn" + number, new BatchNorm(backend, channels, false), true));
    number++;
  }

  /** Random weights ({@code which} = 0) or biases (1) of the layer that is being made. */
  private Tensor uniform(int which, int fan, int... shape) {
    return Neurons.uniform(backend, Rng.key(stream, 2L * number + which), fan, shape);
  }

  /** Reshapes features (b, F) to maps (b, h, w, c), with F = h w c. */
  record Maps(String name, int h, int w, int c) implements Stage {
    @Override
    public String describe() {
      return "features as maps of %sx%s pixels".formatted(h, w);
    }

    @Override
    public Variable trace(Trace trace, Variable x) {
      return trace.tape().reshape(x, x.value().size(0), h, w, c);
    }
  }

  /**
   * Undoes a {@link MaxPool} of the same walk: puts each value where the maximum of its window was,
   * and 0 elsewhere.
   *
   * @param pool name of that pooling
   */
  record Unpool(String name, String pool) implements Stage {
    @Override
    public String describe() {
      return "values back to the maxima of " + pool;
    }

    @Override
    public Variable trace(Trace trace, Variable x) {
      return trace.tape().maxUnpool(x, trace.outputs().get(pool));
    }
  }
}
