package org.fasthebb.models.readout;

import static org.fasthebb.engine.Contraction.contractAdd;

import java.util.Arrays;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.learn.Classifier;

/**
 * The nearest class mean: scores are the products of an image's features with the mean features of
 * each class, divided by their length. For features of unit length they are cosines.
 */
public final class ClassMeans {
  /** Lower than every cosine, so that no image is said to be of a class without labels. */
  private static final float NEVER = -2;

  private ClassMeans() {}

  /** Learns the labels of the labelled images. */
  public static Classifier fit(ReadOutData data) {
    TrainingRows rows = data.rows();
    Backend backend = data.backend();
    Tensor means = backend.zeros(rows.classes(), rows.width());
    rows.forEachBlock(
        (x, from) -> contractAdd(means, "bn,bs->ns", rows.targets(from, from + x.size(0)), x));
    try (Scope _ = backend.scope()) {
      means.assign(means.div(means.norms(1)));
    }
    float[] bias = new float[rows.classes()];
    Arrays.fill(bias, NEVER);
    for (int label : rows.labels()) {
      bias[label] = 0;
    }
    return new Classifier(means, backend.of(bias, bias.length), data.normalisation());
  }
}
