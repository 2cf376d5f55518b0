package org.fasthebb.models.network;

import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * Means of 2x2 windows with stride 2: images (b, h, w, c) become (b, h/2, w/2, c), both rounded
 * down.
 */
public record MeanPool(String name) implements Stage {
  @Override
  public String describe() {
    return "means of 2x2 pixels";
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    int[] shape = x.value().shape();
    return trace.tape().apply(x, evaluate(x.value()), dy -> spread(dy, shape));
  }

  @Override
  public Tensor evaluate(Tensor x) {
    int h = x.size(1) / 2;
    int w = x.size(2) / 2;
    int b = x.size(0);
    int c = x.size(3);
    Tensor windows = whole(x, h, w).contiguous().reshape(b * h, 2, w, 2, c);
    Tensor upper = windows.slice(1, 0, 1);
    Tensor lower = windows.slice(1, 1, 2);
    Tensor sums = upper.slice(3, 0, 1).plus(upper.slice(3, 1, 2));
    sums.addAssign(lower.slice(3, 0, 1)).addAssign(lower.slice(3, 1, 2));
    return sums.timesAssign(0.25f).reshape(b, h, w, c);
  }

  private static Tensor whole(Tensor x, int h, int w) {
    return x.slice(1, 0, 2 * h).slice(2, 0, 2 * w);
  }

  private static Tensor spread(Tensor dy, int[] shape) {
    int b = dy.size(0);
    int h = dy.size(1);
    int w = dy.size(2);
    int c = dy.size(3);
    Tensor quarter = dy.times(0.25f).reshape(b * h, 1, w, 1, c);
    Tensor pixels = quarter.broadcast(b * h, 2, w, 2, c).contiguous().reshape(b, 2 * h, 2 * w, c);
    Tensor dx = dy.backend().empty(shape).fill(0);
    whole(dx, h, w).assign(pixels);
    return dx;
  }

  @Override
  public String onnx(OnnxGraph graph, OnnxMaps x) {
    int[] window = {2, 2};
    return graph.node("AveragePool", Map.of("kernel_shape", window, "strides", window), x.name());
  }
}
