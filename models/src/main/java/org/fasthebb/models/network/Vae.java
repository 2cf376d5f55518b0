package org.fasthebb.models.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.random.RandomStream;
import org.fasthebb.models.random.Rng;

/**
 * A variational auto-encoder, the paper's baseline: an encoder's features (b, F) give mean and log
 * variance of the latents (b, z), z = mu + e^(logvar/2) eps is drawn, and a decoder computes the
 * image from it. As in the authors' code, the decoder also gets the positions of the maxima of each
 * pooling from the encoder, so these need not pass through the latents.
 */
public final class Vae {
  /** The number of latents in the authors' network. */
  public static final int LATENTS = 256;

  private final Network encoder;
  private final int latents;
  private final Linear mu;
  private final Linear logVariance;
  private final Sequence decoder;

  /**
   * An auto-encoder around {@code encoder}; its other weights are random.
   *
   * @param encoder a network whose neurons have no Hebbian rule
   * @param latents the number z of latents, at least 1
   */
  public Vae(Network encoder, int latents, long seed) {
    if (encoder.neurons().rule() != null) {
      throw new IllegalArgumentException(
          "the encoder of an auto-encoder learns by backprop, so its neurons must not have a"
              + " Hebbian rule");
    }
    this.encoder = encoder;
    this.latents = latents;
    Backend backend = encoder.backend();
    long stream = RandomStream.AUTO_ENCODER.of(seed);
    long key = Rng.key(stream, 0);
    int f = encoder.featureCount();
    mu =
        new Linear(
            "fc_mu",
            Neurons.uniform(backend, Rng.key(key, 0), f, latents, f),
            Neurons.uniform(backend, Rng.key(key, 1), f, latents));
    logVariance =
        new Linear(
            "fc_var",
            Neurons.uniform(backend, Rng.key(key, 2), f, latents, f),
            Neurons.uniform(backend, Rng.key(key, 3), f, latents));
    decoder = Decoder.of(encoder, latents, Rng.key(stream, 1));
  }

  /** The encoder, which is what remains after pre-training. */
  public Network encoder() {
    return encoder;
  }

  /** The number z of latents. */
  public int latents() {
    return latents;
  }

  /** The heads and the decoder, which are dropped after pre-training. */
  private List<Sequence> rest() {
    return List.of(new Sequence(List.of(mu, logVariance)), decoder);
  }

  /** What backprop trains, by the names of the authors' code. */
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>(encoder.parameters());
    rest().forEach(part -> named.putAll(part.parameters()));
    return named;
  }

  /** Everything that training changes: parameters, and the running statistics of batch norms. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>(encoder.tensors());
    rest().forEach(part -> named.putAll(part.tensors()));
    return named;
  }

  /**
   * The results of a pass.
   *
   * @param features of the encoder (b, F)
   * @param outputs the output of each stage of the encoder and the decoder, by its name
   * @param mu means of the latents (b, z)
   * @param logVariance logarithms of the latents' variances (b, z)
   * @param latents as drawn (b, z)
   * @param reconstruction of the images (b, side, side, c)
   */
  public record Pass(
      Variable features,
      Map<String, Variable> outputs,
      Variable mu,
      Variable logVariance,
      Variable latents,
      Variable reconstruction) {}

  /** Runs a pass with running statistics and without gradients; see {@link #trace}. */
  public Pass evaluate(Tensor images, Tensor noise) {
    return trace(Trace.evaluation(), images, noise);
  }

  /**
   * Runs a pass.
   *
   * @param trace for training or evaluation; receives the parameters
   * @param noise eps (b, z), standard normal; like the authors' code, evaluation uses noise too
   */
  public Pass trace(Trace trace, Tensor images, Tensor noise) {
    Tape tape = trace.tape();
    Variable features = encoder.trace(trace, images);
    Variable mean = mu.trace(trace, features);
    Variable logarithm = logVariance.trace(trace, features);
    Variable deviation = tape.exp(tape.times(logarithm, 0.5f));
    Variable drawn = tape.plus(mean, tape.times(deviation, tape.constant(noise)));
    Variable painted = decoder.trace(trace, drawn);
    return new Pass(features, trace.outputs(), mean, logarithm, drawn, painted);
  }
}
