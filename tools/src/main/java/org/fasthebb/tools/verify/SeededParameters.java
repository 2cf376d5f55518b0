package org.fasthebb.tools.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.network.Convolution;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Stage;
import org.fasthebb.models.random.Rng;

/**
 * Initial parameters that a golden file keeps as a seed. Parameter k, counted in the order of
 * registration, has the values a (2u - 1) + b, with u in [0, 1) from values 0, 1, .. of stream seed
 * 1000 + k, in the row-major order of PyTorch's layout.
 */
final class SeededParameters {
  private final Map<String, Range> ranges = new LinkedHashMap<>();

  /** Number of a parameter, and the range of its values. */
  private record Range(int k, double a, double b) {}

  /** Registers the next parameter, with values from b - a to b + a. */
  void range(String name, double a, double b) {
    ranges.put(name, new Range(ranges.size(), a, b));
  }

  /** Registers the next parameter, with values from U(-1/sqrt(fan), 1/sqrt(fan)). */
  void uniform(String name, int fan) {
    range(name, 1 / Math.sqrt((double) fan), 0);
  }

  /** Registers the next four parameters, those of a batch norm. */
  void norm(String name) {
    range(name + ".weight", 0.1, 1);
    range(name + ".bias", 0.1, 0);
    range(name + ".running_mean", 0.1, 0);
    range(name + ".running_var", 0.5, 1);
  }

  /** Registers the parameters of a network's stages, from the input upwards. */
  void stages(Network network) {
    for (Stage stage : network.stages()) {
      if (stage instanceof Convolution layer) {
        int fan = layer.weights().size() / layer.weights().size(0);
        stage.parameters().keySet().forEach(name -> uniform(name, fan));
      } else if (!stage.statistics().isEmpty()) {
        norm(stage.name());
      }
    }
  }

  /** Value i of a stream of values from b - a to b + a. */
  static float value(long stream, int i, double a, double b) {
    double u = Rng.uniform(stream, i);
    return (float) (a * (2.0 * u - 1.0) + b);
  }

  /** Writes the initial values of the parameter {@code name} into {@code target}; returns it. */
  Tensor initialise(long seed, String name, Tensor target) {
    Range range = ranges.get(name);
    long stream = seed * 1000 + range.k;
    float[] values = new float[target.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(stream, i, range.a, range.b);
    }
    int[] shape = target.shape();
    if (shape.length == 4) {
      shape = new int[] {shape[0], shape[3], shape[1], shape[2]};
    }
    return target.assign(TorchLayout.decode(target.backend().of(values, shape)));
  }
}
