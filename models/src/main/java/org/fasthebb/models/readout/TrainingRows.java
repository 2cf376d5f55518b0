package org.fasthebb.models.readout;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.InputSource;
import org.fasthebb.models.learn.Normalisation;

/**
 * Images with labels, true or guessed, as rows of normalised features (n, F).
 *
 * @param labels the class of each image
 * @param weights how often each image counts, over 0
 * @param classes the number of classes C
 */
record TrainingRows(
    InputSource features,
    Normalisation normalisation,
    Examples examples,
    int[] labels,
    float[] weights,
    int classes) {
  /** Images per block: fewer make short sums of products, more take more memory. */
  static final int BLOCK = 512;

  int size() {
    return examples.size();
  }

  Backend backend() {
    return features.backend();
  }

  /** The number F of features. */
  int width() {
    return features.shape(examples.set(), 1)[1];
  }

  /** Passes all rows to {@code block}, normalised, a few at a time. */
  void forEachBlock(DataLoader.Block block) {
    DataLoader.once(features, examples)
        .forEachBlock(BLOCK, (x, from) -> block.take(normalisation.of(x), from));
  }

  /** All rows (n, F), which belong to no scope. */
  Tensor all() {
    Tensor all = backend().zeros(size(), width());
    forEachBlock((x, from) -> all.slice(0, from, from + x.size(0)).assign(x));
    return all;
  }

  /** One-hot labels (to - from, C) of some rows, from the open scope. */
  Tensor targets(int from, int to) {
    return backend().oneHot(Arrays.copyOfRange(labels, from, to), classes);
  }

  /** The weights (to - from, 1) of some rows, from the open scope. */
  Tensor weights(int from, int to) {
    Tensor column = backend().empty(to - from, 1);
    column.write(Arrays.copyOfRange(weights, from, to));
    return column;
  }

  /** These rows and others of the same images' features. */
  TrainingRows and(TrainingRows more) {
    float[] both = Arrays.copyOf(weights, size() + more.size());
    System.arraycopy(more.weights, 0, both, size(), more.size());
    return new TrainingRows(
        features,
        normalisation,
        new Examples(examples.set(), joined(examples.indices(), more.examples.indices())),
        joined(labels, more.labels),
        both,
        classes);
  }

  private static int[] joined(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }
}
