package org.fasthebb.models.network;

import java.util.Map;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * One stage of a network, such as a convolution or a pooling. {@link #trace} defines it. By default
 * {@link #evaluate} and {@link #learn} compute the same, and there is nothing to train; a stage
 * overrides what it does differently or faster.
 */
public interface Stage {
  /** The stage's name, unique in its network, such as conv1. Names of its tensors begin with it. */
  String name();

  /** A description of the stage in a few words, for people. */
  String describe();

  /**
   * The output, recorded on a tape for backprop.
   *
   * @param x images (b, h, w, c), or features (b, F)
   */
  Variable trace(Trace trace, Variable x);

  /** The output; a batch norm uses its running statistics. */
  default Tensor evaluate(Tensor x) {
    Trace trace = Trace.evaluation();
    return trace(trace, trace.tape().constant(x)).value();
  }

  /** The same; {@code observer} sees the outputs of stages inside of this one, if there are any. */
  default Tensor evaluate(Tensor x, Sequence.Observer observer) {
    return evaluate(x);
  }

  /**
   * Computes the output of the weights before the step, then takes a step of Hebbian learning.
   *
   * @param eta learning rate
   * @param reducer adds the sums of the other shards of the batch
   */
  default Tensor learn(Tensor x, float eta, Reducer reducer) {
    return evaluate(x);
  }

  /**
   * Adds nodes that compute the same as {@link #evaluate} to a graph; returns the name of the last.
   *
   * @throws IllegalStateException if the stage cannot be written so
   */
  default String onnx(OnnxGraph graph, OnnxMaps x) {
    throw new IllegalStateException(name() + " (" + describe() + ") cannot be written as ONNX");
  }

  /** The same; the outputs of stages inside of this one, if there are any, are added to a map. */
  default String onnx(OnnxGraph graph, OnnxMaps x, Map<String, OnnxMaps> inside) {
    return onnx(graph, x);
  }

  /** What backprop trains, by name. */
  default Map<String, Tensor> parameters() {
    return Map.of();
  }

  /** The running statistics that training changes besides, by name. */
  default Map<String, Tensor> statistics() {
    return Map.of();
  }
}
