package org.fasthebb.models.protocol;

import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.learn.AutoencoderLearner;
import org.fasthebb.models.learn.HebbianLearner;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Vae;

/**
 * How a network is pre-trained.
 *
 * @param trainee does it
 * @param head what the model file has beside the network
 */
record Pretraining(Learner trainee, Map<String, Tensor> head) {

  /** What the settings say; a control does nothing for no epochs. */
  static Pretraining of(Settings settings, Network network, int classes) {
    long seed = settings.seed();
    if (settings.rule() == Settings.Rule.VAE) {
      // Fine-tuning goes on from the encoder; the rest has done its duty.
      Vae vae = new Vae(network.backend(), network, seed);
      AutoencoderLearner trainee =
          new AutoencoderLearner(network.backend(), vae, settings.vaeLoss(), seed);
      return new Pretraining(trainee, Map.of());
    }
    float eta = settings.hyperparameters().eta();
    HebbianLearner trainee =
        new HebbianLearner(network, settings.hebbianRule(), classes, eta, seed);
    Map<String, Tensor> head = Map.of("fc6.weight", trainee.centroids());
    return new Pretraining(trainee, head);
  }
}
