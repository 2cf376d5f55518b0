package org.fasthebb.models.learn;

import static org.fasthebb.engine.Contraction.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Tensor;

/**
 * A linear classifier on features: scores = W x + bias, and the largest score names the class.
 *
 * @param weight W (classes, F)
 * @param bias (classes)
 * @param normalisation of features, which comes first
 */
public record Classifier(Tensor weight, Tensor bias, Normalisation normalisation) {
  /** Name of the weights, in files. */
  public static final String WEIGHT = "fc.weight";

  /** Name of the bias, in files. */
  public static final String BIAS = "fc.bias";

  /** The classifier's tensors by name. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(WEIGHT, weight);
    named.put(BIAS, bias);
    named.putAll(normalisation.tensors());
    return named;
  }

  /** Scores (b, classes) of features (b, F). */
  public Tensor scores(Tensor features) {
    return contract("bs,ns->bn", normalisation.of(features), weight).plus(bias);
  }
}
