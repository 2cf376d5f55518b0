package org.fasthebb.models.learn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.DataLoader;

/**
 * What a classifier does to features before it weighs them.
 *
 * @param norm gives each feature mean 0 and variance 1; null for none
 * @param unitLength whether the features of an image are then divided by their length
 */
public record Normalisation(BatchNorm norm, boolean unitLength) {
  /** Changes nothing. */
  public static final Normalisation NONE = new Normalisation(null, false);

  /** Name of the features' means, in files. */
  public static final String MEAN = "norm.running_mean";

  /** Name of the features' variances, in files. */
  public static final String VARIANCE = "norm.running_var";

  /** Added to lengths: of features whose length is 0 nothing is left to divide. */
  public static final float LEAST_LENGTH = 1e-30f;

  /** Features of mean 0 and variance 1 by statistics that {@link #fit} has yet to compute. */
  public static Normalisation blank(Backend backend, int features, boolean unitLength) {
    return new Normalisation(new BatchNorm(backend, features, false), unitLength);
  }

  /** From now on, normalises features by their mean and variance over all examples. */
  public void fit(DataLoader examples) {
    Tensor mean = norm.runningMean().fill(0);
    Tensor variance = norm.runningVariance().fill(0);
    float share = 1f / examples.size();
    examples.forEachBlock((x, _) -> {
      mean.addAssign(x.sum(0).reshape(mean.size()).timesAssign(share));
      variance.addAssign(x.sumOfSquares(0).reshape(mean.size()).timesAssign(share));
    });
    try (Scope _ = mean.backend().scope()) {
      variance.addAssign(mean.square().timesAssign(-1)).reluAssign();
    }
  }

  /** The statistics by name. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    if (norm != null) {
      named.put(MEAN, norm.runningMean());
      named.put(VARIANCE, norm.runningVariance());
    }
    return named;
  }

  /** Normalised features (b, F). */
  public Tensor of(Tensor features) {
    Tensor scaled = norm == null ? features : norm.evaluate(features);
    return unitLength ? scaled.div(scaled.sumOfSquares(1).sqrt().plus(LEAST_LENGTH)) : scaled;
  }
}
