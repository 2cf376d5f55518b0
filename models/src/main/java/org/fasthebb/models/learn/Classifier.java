package org.fasthebb.models.learn;

import static org.fasthebb.engine.Contraction.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Tensor;

/**
 * A linear classifier on features: scores = W x + bias, and the largest score names the class.
 *
 * @param weight W (classes, F)
 * @param bias (classes)
 * @param norm normalises features to mean 0 and variance 1 first; null for none
 */
public record Classifier(Tensor weight, Tensor bias, BatchNorm norm) {
  /** Name of the weights, in files. */
  public static final String WEIGHT = "fc.weight";

  /** Name of the bias, in files. */
  public static final String BIAS = "fc.bias";

  /** Name of the features' means, in files. */
  public static final String MEAN = "norm.running_mean";

  /** Name of the features' variances, in files. */
  public static final String VARIANCE = "norm.running_var";

  /** The classifier's tensors by name. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(WEIGHT, weight);
    named.put(BIAS, bias);
    if (norm != null) {
      named.put(MEAN, norm.runningMean());
      named.put(VARIANCE, norm.runningVariance());
    }
    return named;
  }

  /** Normalised features (b, F), or the given ones if there is no norm. */
  Tensor seen(Tensor features) {
    return norm == null ? features : norm.evaluate(features);
  }

  /** Scores (b, classes) of features (b, F). */
  public Tensor scores(Tensor features) {
    return contract("bs,ns->bn", seen(features), weight).plus(bias);
  }
}
