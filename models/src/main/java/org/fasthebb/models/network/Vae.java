package org.fasthebb.models.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.random.Rng;

/**
 * A variational auto-encoder, the paper's baseline: an encoder's features (b, F) give mean and log
 * variance of the latents (b, z), z = mu + e^(logvar/2) eps is drawn, and a decoder paints the
 * image from it. The decoder also learns from the encoder where the maxima of each pooling were, as
 * in the authors' code: what is where need not go through the latents.
 */
public final class Vae {
  /** Latents of the authors' network. */
  public static final int LATENTS = 256;

  /** Numbers the streams of random weights of what is not the encoder. */
  private static final long INITIALISATION = 6;

  private final Network encoder;
  private final Decoder decoder;
  private final Map<String, Tensor> heads = new LinkedHashMap<>();

  /**
   * An auto-encoder around {@code encoder}, the rest of it drawn at random.
   *
   * @param encoder of the variant {@link Variant#BACKPROP}
   */
  public Vae(Backend backend, Network encoder, long seed) {
    if (encoder.variant() != Variant.BACKPROP) {
      throw new IllegalArgumentException(
          "the encoder of an auto-encoder is of the variant BACKPROP, but this one is "
              + encoder.variant());
    }
    this.encoder = encoder;
    long stream = Rng.key(seed, INITIALISATION);
    int f = encoder.architecture().features();
    long key = Rng.key(stream, 0);
    heads.put("fc_mu.weight", Network.uniform(backend, Rng.key(key, 0), f, LATENTS, f));
    heads.put("fc_mu.bias", Network.uniform(backend, Rng.key(key, 1), f, LATENTS));
    heads.put("fc_var.weight", Network.uniform(backend, Rng.key(key, 2), f, LATENTS, f));
    heads.put("fc_var.bias", Network.uniform(backend, Rng.key(key, 3), f, LATENTS));
    decoder = new Decoder(backend, encoder.architecture(), LATENTS, Rng.key(stream, 1));
  }

  /** What remains after pre-training. */
  public Network encoder() {
    return encoder;
  }

  /** Trained by backprop, by the names of the authors' code. */
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>(encoder.parameters());
    named.putAll(heads);
    named.putAll(decoder.parameters());
    return named;
  }

  /** Everything that training changes: parameters, and the running statistics of batch norms. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>(encoder.tensors());
    named.putAll(parameters());
    named.putAll(decoder.statistics());
    return named;
  }

  /**
   * A pass.
   *
   * @param features of the encoder (b, F)
   * @param pooled what the encoder's max-pooling gave, by the name of its block
   * @param mu means of the latents (b, z)
   * @param logVariance logarithms of their variances (b, z)
   * @param latents as drawn (b, z)
   * @param reconstruction of the images (b, side, side, c)
   */
  public record Pass(
      Variable features,
      Map<String, Variable> pooled,
      Variable mu,
      Variable logVariance,
      Variable latents,
      Variable reconstruction) {}

  /**
   * The training pass, with batch norms in training mode.
   *
   * @param noise eps (b, z), standard normal
   * @param leaves receives the parameters as variables, by the names of {@link #parameters}
   */
  public Pass forward(Tape tape, Tensor images, Tensor noise, Map<String, Variable> leaves) {
    Map<String, Variable> pooled = new LinkedHashMap<>();
    Variable features = encoder.forward(tape, images, leaves, pooled);
    heads.forEach((name, tensor) -> leaves.put(name, tape.parameter(tensor)));
    decoder.parameters().forEach((name, tensor) -> leaves.put(name, tape.parameter(tensor)));
    return decode(tape, features, pooled, noise, leaves, true);
  }

  /**
   * A pass by the running statistics, without gradients.
   *
   * @param noise eps (b, z), standard normal: the authors draw here, too
   */
  public Pass evaluate(Tensor images, Tensor noise) {
    Tape tape = new Tape();
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    Variable features = tape.constant(encoder.features(images, outputs::put));
    Map<String, Variable> pooled = new LinkedHashMap<>();
    for (Architecture.Block block : encoder.architecture().blocks()) {
      if (block.pool() > 1) { // once more, for the winners
        Variable y = tape.constant(outputs.get(block.name()));
        pooled.put(block.name(), tape.maxPool(y, block.pool()));
      }
    }
    Map<String, Variable> leaves = new LinkedHashMap<>();
    parameters().forEach((name, tensor) -> leaves.put(name, tape.constant(tensor)));
    return decode(tape, features, pooled, noise, leaves, false);
  }

  private Pass decode(
      Tape tape,
      Variable features,
      Map<String, Variable> pooled,
      Tensor noise,
      Map<String, Variable> leaves,
      boolean training) {
    Variable mu = head(tape, features, "fc_mu", leaves);
    Variable logVariance = head(tape, features, "fc_var", leaves);
    Variable deviation = tape.exp(tape.times(logVariance, 0.5f));
    Variable latents = tape.plus(mu, tape.times(deviation, tape.constant(noise)));
    Variable images = decoder.decode(tape, latents, leaves, pooled, training);
    return new Pass(features, pooled, mu, logVariance, latents, images);
  }

  private static Variable head(
      Tape tape, Variable features, String name, Map<String, Variable> leaves) {
    Variable product = tape.contract("bs,ns->bn", features, leaves.get(name + ".weight"));
    return tape.plus(product, leaves.get(name + ".bias"));
  }
}
