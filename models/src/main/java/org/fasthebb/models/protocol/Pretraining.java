package org.fasthebb.models.protocol;

import java.util.Arrays;
import java.util.Map;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.learn.AutoencoderLearner;
import org.fasthebb.models.learn.HebbianLearner;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Vae;

/**
 * The learner that pre-trains a network, and the read-out that it trains beside it.
 *
 * @param learner trains the network
 * @param head tensors of the read-out, by name, for the model file; may be empty
 */
record Pretraining(Learner learner, Map<String, Tensor> head) {
  /** Pixels of the images that patches are taken from: those of 256 images of 32x32. */
  private static final int PATCH_PIXELS = 1 << 18;

  /** Pixels of the images that a network is fitted to before it learns: 1,024 of 32x32. */
  private static final int FITTED_PIXELS = 1 << 20;

  /**
   * Makes the learner that the settings ask for.
   *
   * @param classes of the read-out beside Hebbian learning; 0 for no read-out
   */
  static Pretraining of(PretrainSettings settings, Network network, int classes, long seed) {
    return switch (settings.method().learning()) {
      case HEBBIAN -> {
        HebbianLearner learner = new HebbianLearner(network, classes, settings.eta(), seed);
        yield new Pretraining(learner, learner.head());
      }
      case AUTO_ENCODER -> {
        // Only the encoder goes into the model file: fine-tuning starts from it.
        Vae vae = new Vae(network, Vae.LATENTS, seed);
        yield new Pretraining(new AutoencoderLearner(vae, settings.vaeLoss(), seed), Map.of());
      }
      case NOTHING -> throw new IllegalStateException("a control has nothing to pre-train");
    };
  }

  /**
   * Gives a network what it takes from some training images before it learns, which are fewer where
   * images are large; see {@link Network#fit}.
   *
   * @param fromPatches whether to make all weights patches
   */
  static void start(
      Network network, Preprocessing inputs, Examples training, boolean fromPatches, long seed) {
    try (Scope _ = network.backend().scope()) {
      network.fit(some(network, inputs, training, FITTED_PIXELS), seed);
    }
    if (fromPatches) {
      try (Scope _ = network.backend().scope()) {
        network.startFromPatches(some(network, inputs, training, PATCH_PIXELS), seed);
      }
    }
  }

  private static Tensor some(Network network, Preprocessing inputs, Examples training, int pixels) {
    int most = Math.max(2, pixels / (network.side() * network.side()));
    int count = Math.min(training.size(), most);
    return inputs.batch(training.set(), Arrays.copyOf(training.indices(), count));
  }
}
