package org.fasthebb.models.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/**
 * A linear layer of features: W x + bias.
 *
 * @param weights (N, F)
 * @param bias (N)
 */
record Linear(String name, Tensor weights, Tensor bias) implements Stage {
  @Override
  public String describe() {
    return "%s outputs of %s features".formatted(weights.size(0), weights.size(1));
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    Variable w = trace.parameter(name + ".weight", weights);
    Variable product = trace.tape().contract("bs,ns->bn", x, w);
    return trace.tape().plus(product, trace.parameter(name + ".bias", bias));
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(name + ".weight", weights);
    named.put(name + ".bias", bias);
    return named;
  }
}
