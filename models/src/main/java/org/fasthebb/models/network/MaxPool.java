package org.fasthebb.models.network;

import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * Maxima of k x k windows with stride k: images (b, h, w, c) become (b, h/k, w/k, c), both rounded
 * down.
 *
 * @param k at least 2
 */
record MaxPool(String name, int k) implements Stage {
  @Override
  public String describe() {
    return "maxima of %sx%s pixels".formatted(k, k);
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    return trace.tape().maxPool(x, k);
  }

  @Override
  public Tensor evaluate(Tensor x) {
    return x.maxPool(k);
  }

  @Override
  public String onnx(OnnxGraph graph, OnnxMaps x) {
    int[] window = {k, k};
    return graph.node("MaxPool", Map.of("kernel_shape", window, "strides", window), x.name());
  }
}
