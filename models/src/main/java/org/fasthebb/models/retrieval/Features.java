package org.fasthebb.models.retrieval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Sequence;
import org.fasthebb.models.readout.FeatureForm;

/**
 * Features of images: the flattened output of one stage of a network.
 *
 * <p>Stages are named as {@link Sequence.Observer} sees them: conv1, pool1, bn1, ... The last one
 * is the network's output.
 */
public final class Features {
  private final Network network;
  private final Preprocessing inputs;
  private final String stage;
  private final int width;

  /**
   * The features of one stage.
   *
   * @throws IllegalArgumentException if there is no such stage; the message lists the stages
   */
  public Features(Network network, Preprocessing inputs, String stage) {
    Map<String, Integer> stages = stages(network, inputs.backend());
    if (!stages.containsKey(stage)) {
      throw new IllegalArgumentException(
          "the network has no stage " + stage + "; it has " + String.join(", ", stages.keySet()));
    }
    this.network = network;
    this.inputs = inputs;
    this.stage = stage;
    width = stages.get(stage);
  }

  /** The stages of a network, from the input upwards, with the number F of features of each. */
  public static Map<String, Integer> stages(Network network, Backend backend) {
    Map<String, Integer> stages = new LinkedHashMap<>();
    try (Scope _ = backend.scope()) {
      Tensor image = backend.empty(1, network.side(), network.side(), Architecture.CHANNELS);
      network.features(image.fill(0), (name, value) -> stages.put(name, value.size()));
    }
    return stages;
  }

  /** Number F of features of an image. */
  public int width() {
    return width;
  }

  /**
   * Features (images, F), in the order of the examples; they belong to no scope.
   *
   * @throws IllegalArgumentException with one sentence for the user, if they do not fit in memory
   */
  public Tensor of(Examples examples) {
    Backend backend = inputs.backend();
    long values = (long) examples.size() * width;
    if (values > Integer.MAX_VALUE || values * Float.BYTES > backend.memory()) {
      throw new IllegalArgumentException(
          ("%s features of %s for each of %s images take %s MiB, which does not fit; use a later"
                  + " stage, or fewer images")
              .formatted(width, stage, examples.size(), (values * Float.BYTES) >> 20));
    }
    DataLoader batches = DataLoader.once(inputs, examples);
    Tensor all = backend.zeros(examples.size(), width);
    batches.forEachBlock((images, from) -> {
      Tensor some = FeatureForm.PLAIN.features(network, List.of(stage), images);
      all.slice(0, from, from + images.size(0)).assign(some);
    });
    return all;
  }
}
