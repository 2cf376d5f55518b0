package org.fasthebb.models.network;

import java.util.Locale;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/**
 * The loss of a {@link Vae}: the reconstruction error plus beta times the divergence of the latents
 * from the standard normal distribution,
 *
 * <pre>mean (x - x')^2 + beta mean_b (-1/2 sum_z (1 + logvar - mu^2 - e^logvar)).</pre>
 */
public enum VaeLoss {
  /**
   * The authors' loss, with a beta of 1/2. The error is a mean over all values of an image, but the
   * divergence is a sum over latents. In the evidence lower bound that would be a beta of (values
   * of an image) / 4, so little information passes through the latents.
   */
  AUTHORS,
  /**
   * The negative evidence lower bound (ELBO) of an image under a decoder with unit normal noise,
   * 1/2 sum (x - x')^2 + divergence, times 2 / (values of an image), so that the authors' learning
   * rate fits: beta is 2 / (values of an image).
   */
  ELBO;

  /**
   * The loss of a pass and its two parts, each of shape (1).
   *
   * @param error mean (x - x')^2 over all values of all images
   * @param divergence of the latents from standard normal, mean over images of the sum over latents
   */
  public record Parts(Variable error, Variable divergence, Variable total) {}

  /** The loss of a pass over {@code images} (b, h, w, c). */
  public Parts of(Tape tape, Vae.Pass pass, Tensor images) {
    Variable difference = tape.plus(pass.reconstruction(), tape.constant(images.times(-1)));
    Variable squares = tape.sum(tape.times(difference, difference));
    Variable error = tape.reshape(tape.times(squares, 1f / images.size()), 1);
    Variable divergence = divergence(tape, pass.mu(), pass.logVariance());
    int values = images.size() / images.size(0);
    float beta = this == AUTHORS ? 0.5f : 2f / values;
    return new Parts(error, divergence, tape.plus(error, tape.times(divergence, beta)));
  }

  /** The name in files and on the command line, in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The divergence (1) of normal distributions, given by (b, z), from the standard normal. */
  private static Variable divergence(Tape tape, Variable mu, Variable logVariance) {
    Tensor minusOne = mu.value().backend().empty(1).fill(-1);
    Variable spread = tape.plus(tape.exp(logVariance), tape.constant(minusOne));
    Variable terms = tape.plus(spread, tape.times(logVariance, -1));
    Variable sum = tape.sum(tape.plus(tape.times(mu, mu), terms));
    return tape.reshape(tape.times(sum, 0.5f / mu.value().size(0)), 1);
  }
}
