package org.fasthebb.tools.verify;

import java.util.List;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Variant;

/**
 * What a golden file tells about a run of the small network: its mini-batches, and a seed in place
 * of the initial parameters; see {@link SeededParameters}.
 */
final class SmallNetworkFile {
  private static final Architecture ARCHITECTURE = Architecture.small();

  private final GoldenFile file;
  private final String prefix;
  private final List<Tensor> images;
  private final List<int[]> labels;
  private final SeededParameters parameters = new SeededParameters();

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
      int patch = channels * block.kernel() * block.kernel();
      parameters.uniform(block.name() + ".weight", patch);
      parameters.norm(block.norm());
      channels = block.neurons();
    }
    for (String name : new String[] {"fc6.weight", "fc.weight", "fc.bias"}) {
      parameters.uniform(name, ARCHITECTURE.features());
    }
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
    return parameters.initialise(file.integer(prefix + "seed"), name, target);
  }
}
