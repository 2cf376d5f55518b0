package org.fasthebb.models.network;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.Response;
import org.fasthebb.models.network.Activations.CentredRelu;
import org.fasthebb.models.network.Activations.Power;
import org.fasthebb.models.network.Activations.Relu;
import org.fasthebb.models.network.Activations.TwoSidedThreshold;

/** Makes the stages of an architecture, layer by layer, and keeps track of the size of the maps. */
final class Construction {
  private final Backend backend;
  private final Architecture architecture;
  private final int side;
  private final Neurons neurons;
  private final long seed;
  private List<Stage> stages;

  /** Pixels along a side of the last stage's output. */
  private int size;

  private int channels = Architecture.CHANNELS;
  private int convolutions;
  private boolean rectified;

  /** Whether the next layer needs the sign of outputs. */
  private boolean signed;

  Construction(Backend backend, Architecture architecture, int side, Neurons neurons, long seed) {
    this.backend = backend;
    this.architecture = architecture;
    this.side = side;
    this.neurons = neurons;
    this.seed = seed;
    size = side;
    stages = stages(architecture.layers());
  }

  List<Stage> stages() {
    return stages;
  }

  private List<Stage> stages(List<Layer> layers) {
    stages = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      signed = i + 1 < layers.size() && layers.get(i + 1) instanceof Layer.TwoSided;
      add(layers.get(i));
    }
    return stages;
  }

  /** The stages of branches, each of which begins with the maps that come before all of them. */
  private Branches branches(Layer.Beside layer, int before) {
    List<Stage> below = stages;
    int inputs = channels;
    List<Sequence> branches = new ArrayList<>();
    for (List<Layer> branch : layer.branches()) {
      size = before;
      channels = inputs;
      branches.add(new Sequence(stages(branch)));
    }
    stages = below;
    size = layer.k();
    channels = inputs;
    return new Branches(layer.name(), layer.k(), branches);
  }

  private void add(Layer layer) {
    String name = layer.name();
    int before = size;
    size = architecture.sizeAfter(layer, size, side);
    switch (layer) {
      case Layer.Neural neural -> convolution(neural, before - size + 1);
      case Layer.Rectified _ -> {
        if (!rectified) {
          stages.add(new Relu(name));
        }
      }
      case Layer.MaxPooled pooled -> stages.add(new MaxPool(name, pooled.k()));
      case Layer.Normalised norm -> norm(name, norm.modified() && neurons.modifiedNorm(), true);
      case Layer.Standardised _ -> norm(name, false, false);
      case Layer.Reflected frame -> stages.add(new ReflectPadding(name, frame.width()));
      case Layer.Centred _ -> stages.add(new CentredRelu(name));
      case Layer.OverlappingMaxPooled _ -> stages.add(new OverlappingMaxPool(name));
      case Layer.MeanPooled _ -> stages.add(new MeanPool(name));
      case Layer.TwoSided sides -> stages.add(new TwoSidedThreshold(name, sides.t()));
      case Layer.GridPooled grid -> stages.add(new GridPool(name, grid.k()));
      case Layer.Raised raised -> stages.add(new Power(name, raised.p()));
      case Layer.WhitenedPatches patches ->
          stages.add(new PatchWhitening(backend, name, patches.k(), channels));
      case Layer.Beside beside -> stages.add(branches(beside, before));
    }
    channels = Architecture.channelsAfter(layer, channels);
  }

  private void norm(String name, boolean modified, boolean affine) {
    stages.add(new Norm(name, new BatchNorm(backend, channels, modified), affine));
  }

  private void convolution(Layer.Neural layer, int k) {
    int n = layer.neurons();
    int s = k * k * channels;
    int number = convolutions++;
    Tensor weights = neurons.start().weights(backend, seed, number, s, n, k, k, channels);
    Tensor bias = neurons.bias(backend, seed, number, s, n);
    HebbianRule rule = neurons.rule() == null ? null : neurons.rule().apply(layer);
    float rate = neurons.layerRates() ? layer.rate() : 1;
    Response own = rule == null ? Response.RECTIFIED : rule.response();
    Response response = signed ? own.unrectified() : own;
    stages.add(new Convolution(layer.name(), weights, bias, rule, rate, response));
    rectified = response.isRectified();
  }
}
