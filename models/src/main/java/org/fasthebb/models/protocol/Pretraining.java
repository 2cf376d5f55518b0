package org.fasthebb.models.protocol;

import java.util.Map;
import org.fasthebb.engine.Tensor;
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
}
