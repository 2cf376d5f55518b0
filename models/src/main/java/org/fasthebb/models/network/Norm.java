package org.fasthebb.models.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * Batch norm, channel by channel.
 *
 * @param norm holds scale, shift and running statistics
 * @param affine whether scale and shift are trained
 */
public record Norm(String name, BatchNorm norm, boolean affine) implements Stage {
  @Override
  public String describe() {
    return norm.isModified() ? "modified batch norm" : "batch norm";
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    Tape tape = trace.tape();
    Variable gamma = parameter(trace, name + ".weight", norm.gamma());
    Variable beta = parameter(trace, name + ".bias", norm.beta());
    return trace.isTraining()
        ? tape.batchNorm(x, norm, gamma, beta)
        : tape.constant(norm.evaluate(x.value()));
  }

  private Variable parameter(Trace trace, String parameter, Tensor tensor) {
    return affine ? trace.parameter(parameter, tensor) : trace.tape().constant(tensor);
  }

  @Override
  public Tensor evaluate(Tensor x) {
    return norm.evaluate(x);
  }

  @Override
  public Tensor learn(Tensor x, float eta, Reducer reducer) {
    return norm.train(x, reducer).output();
  }

  /** The mean and the biased variance (2, n) of a shard x (.., n) of a batch. */
  public Tensor moments(Tensor x) {
    int n = norm.gamma().size();
    Tensor moments = x.backend().empty(2, n);
    Tensor mean = moments.slice(0, 0, 1).reshape(n);
    Tensor variance = moments.slice(0, 1, 2).reshape(n);
    x.device().moments(x.contiguous(), mean, variance);
    return moments;
  }

  /**
   * Learns from the shards of a batch that are at hand.
   *
   * @param moments of the whole batch, as from {@link #moments}
   * @param rows number of rows of the whole batch, at least 2
   * @return the shards, normalised
   */
  public List<Tensor> learn(List<Tensor> shards, Tensor moments, long rows) {
    int n = norm.gamma().size();
    Tensor mean = moments.slice(0, 0, 1).reshape(n);
    return norm.train(shards, mean, moments.slice(0, 1, 2).reshape(n), rows);
  }

  @Override
  public String onnx(OnnxGraph graph, OnnxMaps x) {
    return graph.node(
        "BatchNormalization", // with an epsilon of 1e-5, as here
        x.name(),
        graph.constant("scale", norm.gamma().times(norm.factor())),
        graph.constant("shift", norm.beta().times(norm.factor())),
        graph.constant("running_mean", norm.runningMean()),
        graph.constant("running_var", norm.runningVariance()));
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    if (affine) {
      named.put(name + ".weight", norm.gamma());
      named.put(name + ".bias", norm.beta());
    }
    return named;
  }

  @Override
  public Map<String, Tensor> statistics() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(name + ".running_mean", norm.runningMean());
    named.put(name + ".running_var", norm.runningVariance());
    return named;
  }
}
