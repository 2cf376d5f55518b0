package org.fasthebb.tools.verify;

import java.util.List;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.Classifier;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.PretrainSettings;

/**
 * The inputs of a run of a network in a golden file: its mini-batches, and a seed that stands for
 * the initial parameters; see {@link SeededParameters}.
 */
final class NetworkFile {
  private final GoldenFile file;
  private final String prefix;
  private final List<Tensor> images;
  private final List<int[]> labels;
  private final SeededParameters parameters = new SeededParameters();

  /**
   * A run.
   *
   * @param prefix of the names of tensors that belong to this run alone
   * @param network a network of the kind that was run
   */
  NetworkFile(GoldenFile file, String prefix, Network network) throws CheckpointException {
    this.file = file;
    this.prefix = prefix;
    images = file.batches("x");
    labels = file.rows("labels");
    if (labels.size() != images.size()) {
      throw new IllegalArgumentException(
          "there are " + labels.size() + " batches of labels for " + images.size() + " of images");
    }
    parameters.stages(network);
    String readOut = network.architecture().readOut() + ".weight";
    for (String name : new String[] {readOut, Classifier.WEIGHT, Classifier.BIAS}) {
      parameters.uniform(name, network.featureCount());
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

  /**
   * The number of classes: the width of recorded scores or, without these, the largest label + 1.
   */
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

  /** The method whose network was recorded, or null if {@code name} does not tell. */
  static Method method(String name) {
    if (name.contains("swta") == name.contains("hpca")) {
      return null;
    }
    return Method.named(name.contains("swta") ? "swta" : "hpca").orElseThrow();
  }

  /** The network of a method for the images of a file, with random weights. */
  static Network network(GoldenFile file, Method method, Architecture architecture)
      throws CheckpointException {
    int side = file.size("x", 4);
    return PretrainSettings.of(method, architecture).network(file.backend(), side, 0);
  }

  /** Writes the initial values of the parameter {@code name} into {@code target}; returns it. */
  Tensor initialise(String name, Tensor target) throws CheckpointException {
    return parameters.initialise(file.integer(prefix + "seed"), name, target);
  }
}
