package org.fasthebb.tools.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.Architecture;
import org.fasthebb.models.Variant;
import org.fasthebb.models.data.Rng;
import org.fasthebb.models.io.CheckpointException;

/**
 * What a golden file tells about a run of the small network: its mini-batches, and a seed in place
 * of the initial parameters.
 *
 * <p>Parameter k of the list below is values 0, 1, .. of stream seed 1000 + k, u in [0, 1), made
 * into a (2u - 1) + b, in the row-major order of PyTorch's layout.
 */
final class SmallNetworkFile {
  private static final Architecture ARCHITECTURE = Architecture.small();

  /** Number of a parameter, and the range of its values. */
  private record Range(int k, double a, double b) {}

  private final GoldenFile file;
  private final String prefix;
  private final List<Tensor> images;
  private final List<int[]> labels;
  private final Map<String, Range> ranges = new LinkedHashMap<>();

  /**
   * A run.
   *
   * @param prefix of the names of what belongs to this run alone
   */
  SmallNetworkFile(GoldenFile file, String prefix) throws CheckpointException {
    this.file = file;
    this.prefix = prefix;
    images = file.batches("x");
    labels = file.rows("labels");
    if (labels.size() != images.size()) {
      throw new IllegalArgumentException(
          "there are " + labels.size() + " batches of labels for " + images.size() + " of images");
    }
    int channels = ARCHITECTURE.channels();
    for (Architecture.Block block : ARCHITECTURE.blocks()) {
      range(block.name() + ".weight", uniform(channels * block.kernel() * block.kernel()), 0);
      range(block.norm() + ".weight", 0.1, 1);
      range(block.norm() + ".bias", 0.1, 0);
      range(block.norm() + ".running_mean", 0.1, 0);
      range(block.norm() + ".running_var", 0.5, 1);
      channels = block.neurons();
    }
    range("fc6.weight", uniform(ARCHITECTURE.features()), 0);
    range("fc.weight", uniform(ARCHITECTURE.features()), 0);
    range("fc.bias", uniform(ARCHITECTURE.features()), 0);
  }

  private static double uniform(int fan) {
    return 1 / Math.sqrt((double) fan);
  }

  private void range(String name, double a, double b) {
    ranges.put(name, new Range(ranges.size(), a, b));
  }

  /** Number of mini-batches. */
  int steps() {
    return images.size();
  }

  /** Mini-batch t, from 0. */
  Tensor images(int t) {
    return images.get(t);
  }

  /** Labels of mini-batch t, from 0, as rows (b, classes) with 1 at the label. */
  Tensor targets(int t) throws CheckpointException {
    return file.backend().oneHot(labels.get(t), classes());
  }

  /** Number of classes: the width of recorded scores, if there are any. */
  int classes() throws CheckpointException {
    for (String name : file.names()) {
      if (name.startsWith(prefix + "logits_") && Part.of(name) == Part.WHOLE) {
        return file.size(name, 1);
      }
    }
    int classes = 1;
    for (int[] batch : labels) {
      for (int label : batch) {
        classes = Math.max(classes, label + 1);
      }
    }
    return classes;
  }

  /** What a network is called that responds as the one recorded, or null if nothing tells. */
  static Variant variant(String name) {
    if (name.contains("swta") == name.contains("hpca")) {
      return null;
    }
    return name.contains("swta") ? Variant.SWTA : Variant.HPCA;
  }

  /** Writes the initial values of the parameter {@code name} into {@code target}; returns it. */
  Tensor initialise(String name, Tensor target) throws CheckpointException {
    Range range = ranges.get(name);
    long stream = file.integer(prefix + "seed") * 1000 + range.k;
    float[] values = new float[target.size()];
    for (int i = 0; i < values.length; i++) {
      double u = Rng.uniform(stream, i);
      values[i] = (float) (range.a * (2.0 * u - 1.0) + range.b);
    }
    int[] shape = target.shape();
    if (shape.length == 4) {
      shape = new int[] {shape[0], shape[3], shape[1], shape[2]};
    }
    Backend backend = file.backend();
    return target.assign(TorchLayout.decode(backend.of(values, shape)));
  }
}
