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
import org.fasthebb.models.random.Rng;

/**
 * An encoder's architecture in reverse: from latents (b, z) back to images. Two linear layers, then
 * a transposed convolution for each block but the last, from the top down; where the encoder pooled
 * by maximum, values go back to where its maxima were. Every stage ends with ReLU, unpooling and
 * batch norm, in this order, only the lowest has no ReLU: its batch norm makes the image.
 *
 * <p>Stages are named as in the authors' code: dec_fc0, dec_fc1, dec_conv2, .., with batch norms
 * dec_bn0, dec_bn1, ..
 */
final class Decoder {
  private final Architecture architecture;
  private final List<Stage> stages = new ArrayList<>();

  /**
   * A stage's tensors.
   *
   * @param weights (n, z) of a linear stage, (n, kernel, kernel, c) of a transposed convolution
   *     that paints n channels as c
   */
  private record Stage(int number, Tensor weights, Tensor bias, BatchNorm norm) {
    boolean isLinear() {
      return weights.rank() == 2;
    }

    String name() {
      return (isLinear() ? "dec_fc" : "dec_conv") + number;
    }

    String normName() {
      return "dec_bn" + number;
    }
  }

  /**
   * A decoder with weights and biases drawn from U(-1/sqrt(S), 1/sqrt(S)), S being the number of
   * inputs of a linear stage, and kernel kernel c of a transposed convolution.
   *
   * @param stream of random numbers
   */
  Decoder(Backend backend, Architecture architecture, int latents, long stream) {
    this.architecture = architecture;
    List<Architecture.Block> blocks = architecture.blocks();
    int features = architecture.features();
    add(backend, stream, latents, features, features, latents);
    int k = blocks.getLast().kernel();
    int seen = k * k * blocks.get(blocks.size() - 2).neurons();
    add(backend, stream, features, seen, seen, features);
    for (int i = blocks.size() - 2; i >= 0; i--) {
      int kernel = blocks.get(i).kernel();
      int c = i == 0 ? architecture.channels() : blocks.get(i - 1).neurons();
      add(backend, stream, kernel * kernel * c, c, blocks.get(i).neurons(), kernel, kernel, c);
    }
  }

  private void add(Backend backend, long stream, int fan, int channels, int... shape) {
    int number = stages.size();
    Tensor weights = Network.uniform(backend, Rng.key(stream, 2L * number), fan, shape);
    Tensor bias = Network.uniform(backend, Rng.key(stream, 2L * number + 1), fan, channels);
    stages.add(new Stage(number, weights, bias, new BatchNorm(backend, channels, false)));
  }

  /** Trained by backprop, by name. */
  Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (Stage stage : stages) {
      named.put(stage.name() + ".weight", stage.weights);
      named.put(stage.name() + ".bias", stage.bias);
      named.put(stage.normName() + ".weight", stage.norm.gamma());
      named.put(stage.normName() + ".bias", stage.norm.beta());
    }
    return named;
  }

  /** Running statistics of batch norms, by name. */
  Map<String, Tensor> statistics() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (Stage stage : stages) {
      named.put(stage.normName() + ".running_mean", stage.norm.runningMean());
      named.put(stage.normName() + ".running_var", stage.norm.runningVariance());
    }
    return named;
  }

  /**
   * Images (b, side, side, c) of latents (b, z).
   *
   * @param leaves the parameters as variables, by name
   * @param pooled what the encoder's max-pooling gave, by the name of its block
   * @param training whether batch norms use the batch's statistics, or the running ones
   */
  Variable decode(
      Tape tape,
      Variable latents,
      Map<String, Variable> leaves,
      Map<String, Variable> pooled,
      boolean training) {
    List<Architecture.Block> blocks = architecture.blocks();
    int top = blocks.size() - 1;
    int k = blocks.get(top).kernel();
    Variable x = latents;
    for (Stage stage : stages) {
      if (stage.isLinear()) {
        x = tape.contract("bs,ns->bn", x, leaves.get(stage.name() + ".weight"));
      } else {
        x = convolve(tape, x, stage, leaves.get(stage.name() + ".weight"));
      }
      x = tape.plus(x, leaves.get(stage.name() + ".bias"));
      int below = top - stage.number; // the block whose output this stage gives
      if (below >= 0) {
        x = tape.relu(x);
        Variable maxima = stage.isLinear() ? null : pooled.get(blocks.get(below).name());
        x = maxima == null ? x : tape.maxUnpool(x, maxima);
      }
      x = normalise(tape, x, stage, leaves, training);
      if (stage.number == 1) {
        int b = x.value().size(0);
        x = tape.reshape(x, b, k, k, blocks.get(top - 1).neurons());
      }
    }
    return x;
  }

  private static Variable convolve(Tape tape, Variable x, Stage stage, Variable weights) {
    Tensor w = stage.weights;
    int n = w.size(0);
    Variable rows = tape.reshape(weights, n, w.size() / n);
    return tape.convolveTransposed(x, rows, w.size(1), w.size(2));
  }

  private static Variable normalise(
      Tape tape, Variable x, Stage stage, Map<String, Variable> leaves, boolean training) {
    if (!training) {
      return tape.constant(stage.norm.evaluate(x.value()));
    }
    Variable gamma = leaves.get(stage.normName() + ".weight");
    Variable beta = leaves.get(stage.normName() + ".bias");
    return tape.batchNorm(x, stage.norm, gamma, beta);
  }
}
