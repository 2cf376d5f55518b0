package org.fasthebb.tools.derive;

import java.util.List;
import java.util.stream.Collectors;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Layer;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.derive.algebra.AxisSizes;
import org.fasthebb.tools.derive.algebra.NamedAxis;

/**
 * The size at which costs are counted and times measured: that of a layer.
 *
 * @param name of layer, network and batch
 * @param sizes of its axes
 */
public record LayerSize(String name, AxisSizes sizes) {
  /** Shards of a batch, where a batch is split. */
  private static final int SHARDS = 4;

  /**
   * The size of a layer.
   *
   * @param images images per batch
   * @throws IllegalArgumentException with the names that there are, if the network has no such
   *     layer of neurons
   */
  public static LayerSize of(Architecture network, String layer, int images) {
    for (Architecture.LayerInput input : network.inputs(network.side())) {
      if (input.layer() instanceof Layer.Neural neural && neural.name().equals(layer)) {
        return new LayerSize(
            "%s of the network %s, %s per batch"
                .formatted(layer, network.name(), Text.count(images, "image")),
            AxisSizes.ofLayer(
                images,
                input.size(),
                input.channels(),
                input.kernel(neural),
                neural.neurons(),
                Hpca.BLOCK,
                SHARDS));
      }
    }
    throw new IllegalArgumentException(
        "the network %s has no layer '%s' of neurons; it has %s"
            .formatted(network.name(), layer, String.join(", ", layers(network))));
  }

  /** The names of a network's layers of neurons. */
  public static List<String> layers(Architecture network) {
    return network.inputs(network.side()).stream()
        .map(Architecture.LayerInput::layer)
        .filter(Layer.Neural.class::isInstance)
        .map(Layer::name)
        .collect(Collectors.toList());
  }

  /**
   * The name and the sizes, in words.
   *
   * @param cut whether axes are cut into blocks and shards
   */
  String describe(boolean cut) {
    String axes =
        "%s: B = %s patches, N = %s neurons, S = %s values"
            .formatted(
                name,
                Text.count(sizes.size(NamedAxis.B)),
                Text.count(sizes.size(NamedAxis.N)),
                Text.count(sizes.size(NamedAxis.S)));
    return cut
        ? axes
            + "; blocks of K = %s neurons, G = %s shards".formatted(sizes.block(), sizes.shards())
        : axes;
  }
}
