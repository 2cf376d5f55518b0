package org.fasthebb.models.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/**
 * A transposed convolution: every input pixel adds a kernel x kernel patch to the output, and
 * overlapping patches add up.
 *
 * @param weights (n, kernel, kernel, c), for n input and c output channels
 * @param bias (c)
 */
record ConvolutionTransposed(String name, Tensor weights, Tensor bias) implements Stage {
  @Override
  public String describe() {
    return "%s channels paint %sx%s patches of %s"
        .formatted(weights.size(0), weights.size(1), weights.size(1), weights.size(3));
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    int n = weights.size(0);
    Variable w = trace.parameter(name + ".weight", weights);
    Variable rows = trace.tape().reshape(w, n, weights.size() / n);
    Variable y = trace.tape().convolveTransposed(x, rows, weights.size(1), weights.size(2));
    return trace.tape().plus(y, trace.parameter(name + ".bias", bias));
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(name + ".weight", weights);
    named.put(name + ".bias", bias);
    return named;
  }
}
