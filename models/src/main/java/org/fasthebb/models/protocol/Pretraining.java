package org.fasthebb.models.protocol;

import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.learn.AutoencoderLearner;
import org.fasthebb.models.learn.HebbianLearner;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Vae;

/**
 * What pre-trains a network.
 *
 * @param learner does it
 * @param head what the model file has beside the network
 */
record Pretraining(Learner learner, Map<String, Tensor> head) {
  /**
   * What the settings say.
   *
   * @param classes that a read-out beside Hebbian learning tells apart; 0 for none
   */
  static Pretraining of(PretrainSettings settings, Network network, int classes, long seed) {
    return switch (settings.method().learning()) {
      case HEBBIAN -> {
        HebbianLearner learner = new HebbianLearner(network, classes, settings.eta(), seed);
        yield new Pretraining(learner, learner.head());
      }
      case AUTO_ENCODER -> {
        // Fine-tuning goes on from the encoder; the rest has done its duty.
        Vae vae = new Vae(network, Vae.LATENTS, seed);
        yield new Pretraining(new AutoencoderLearner(vae, settings.vaeLoss(), seed), Map.of());
      }
      case NOTHING -> throw new IllegalStateException("a control has nothing to pre-train");
    };
  }
}
