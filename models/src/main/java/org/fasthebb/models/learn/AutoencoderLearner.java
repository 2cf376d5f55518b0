package org.fasthebb.models.learn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.network.Trace;
import org.fasthebb.models.network.Vae;
import org.fasthebb.models.network.VaeLoss;
import org.fasthebb.models.random.NormalNoise;
import org.fasthebb.models.random.RandomStream;

/**
 * Pre-trains a variational auto-encoder by backprop, without labels. The best epoch is the one with
 * the lowest loss on the validation images.
 */
public final class AutoencoderLearner implements Learner {
  /** The authors' learning rate. */
  private static final float RATE = 1e-3f;

  /** The authors' momentum. */
  private static final float MOMENTUM = 0.9f;

  private final Backend backend;
  private final Vae vae;
  private final VaeLoss loss;
  private final NormalNoise noise;
  private final NormalNoise validationNoise;
  private final Sgd sgd;

  /** The parameters' variables in the last pass, by name; they hold the gradients. */
  private Map<String, Variable> leaves = Map.of();

  /**
   * A learner for {@code vae} with the authors' learning rate and momentum.
   *
   * @param seed of the noise
   */
  public AutoencoderLearner(Vae vae, VaeLoss loss, long seed) {
    backend = vae.encoder().backend();
    this.vae = vae;
    this.loss = loss;
    noise = new NormalNoise(backend, RandomStream.NOISE.of(seed));
    validationNoise = new NormalNoise(backend, RandomStream.VALIDATION_NOISE.of(seed));
    sgd = new Sgd(vae.parameters(), RATE, Schedule.CODE, MOMENTUM, 0);
  }

  @Override
  public Map<String, Tensor> model() {
    return vae.tensors();
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>(model());
    named.putAll(sgd.tensors());
    return named;
  }

  @Override
  public void step(Batch batch, int epoch) {
    int b = batch.images().size(0);
    Tensor eps = noise.draw(batch.number(), b, vae.latents());
    Trained trained = forward(new Tape(), batch.images(), eps);
    batch.lossSum().addAssign(trained.loss().total().value().times(b));
    descend(epoch);
  }

  /** The results of a training pass, and its loss. */
  public record Trained(Vae.Pass pass, VaeLoss.Parts loss) {}

  /** Runs forward and backward with noise eps (b, z); {@link #gradient} then has the gradients. */
  public Trained forward(Tape tape, Tensor images, Tensor eps) {
    Trace trace = Trace.training(tape);
    Vae.Pass pass = vae.trace(trace, images, eps);
    leaves = trace.parameters();
    VaeLoss.Parts parts = loss.of(tape, pass, images);
    tape.backward(parts.total());
    return new Trained(pass, parts);
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
    return Schedule.CODE.rate(RATE, epoch);
  }

  @Override
  public Criterion criterion() {
    return Criterion.LOSS;
  }

  /** The mean loss per image, by the running statistics and with the same noise in every epoch. */
  @Override
  public double validate(DataLoader examples) {
    Tensor number = backend.zeros(1);
    int[] blocks = {0};
    double[] sum = {0};
    examples.forEachBlock((images, _) -> {
      int b = images.size(0);
      number.fill(blocks[0]++);
      Tensor eps = validationNoise.draw(number, b, vae.latents());
      Vae.Pass pass = vae.evaluate(images, eps);
      sum[0] += loss.of(new Tape(), pass, images).total().value().item() * b;
    });
    return sum[0] / Math.max(1, examples.size());
  }
}
