package org.fasthebb.models.network;

import java.util.Map;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * Maxima of 4x4 windows with stride 2 and a padding of one pixel that is never the maximum: images
 * (b, h, w, c) become (b, h/2, w/2, c).
 */
public record OverlappingMaxPool(String name) implements Stage {
  @Override
  public String describe() {
    return "maxima of 4x4 pixels, every second";
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    Tape tape = trace.tape();
    Tensor framed = framed(x.value());
    int h = x.value().size(1);
    int w = x.value().size(2);
    Variable inFrame = tape.apply(x, framed, dy -> dy.slice(1, 1, h + 1).slice(2, 1, w + 1).copy());
    Variable windows = tape.maxPool(inFrame, 2);
    return larger(tape, larger(tape, windows, 1), 2);
  }

  private static Variable larger(Tape tape, Variable x, int axis) {
    return tape.apply(
        x, largerNeighbour(x.value(), axis), dy -> toLargerNeighbour(x.value(), axis, dy));
  }

  // First the maxima of 2x2 windows with stride 2, then of neighbouring pairs along each axis.
  @Override
  public Tensor evaluate(Tensor x) {
    return largerNeighbour(largerNeighbour(framed(x).maxPool(2), 1), 2);
  }

  private static Tensor framed(Tensor x) {
    return Padding.constant(x, 1, Float.NEGATIVE_INFINITY);
  }

  /** The maximum of each element and the next one along an axis, which gets shorter by one. */
  private static Tensor largerNeighbour(Tensor x, int axis) {
    int n = x.size(axis) - 1;
    return x.slice(axis, 0, n).maximum(x.slice(axis, 1, n + 1));
  }

  /** Passes a gradient to the larger of two neighbours; of equal ones to the first. */
  private static Tensor toLargerNeighbour(Tensor x, int axis, Tensor dy) {
    int n = x.size(axis) - 1;
    Tensor ahead = x.slice(axis, 1, n + 1).minus(x.slice(axis, 0, n));
    Tensor toNext = dy.reluBackward(ahead);
    Tensor dx = x.backend().empty(x.shape()).fill(0);
    dx.slice(axis, 0, n).addAssign(dy).addAssign(toNext.times(-1));
    dx.slice(axis, 1, n + 1).addAssign(toNext);
    return dx;
  }

  @Override
  public String onnx(OnnxGraph graph, OnnxMaps x) {
    Map<String, int[]> windows =
        Map.of(
            "kernel_shape", new int[] {4, 4},
            "strides", new int[] {2, 2},
            "pads", new int[] {1, 1, 1, 1});
    return graph.node("MaxPool", windows, x.name());
  }
}
