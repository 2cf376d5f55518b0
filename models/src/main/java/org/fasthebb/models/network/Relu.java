package org.fasthebb.models.network;

import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/** max(0, x). */
record Relu(String name) implements Stage {
  @Override
  public String describe() {
    return "max(0, x)";
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    return trace.tape().relu(x);
  }

  @Override
  public Tensor evaluate(Tensor x) {
    return x.relu();
  }

  @Override
  public String onnx(OnnxGraph graph, OnnxMaps x) {
    return graph.node("Relu", x.name());
  }
}
