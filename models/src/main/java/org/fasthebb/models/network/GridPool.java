package org.fasthebb.models.network;

import java.util.function.UnaryOperator;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/**
 * Means of a k x k grid of windows: images (b, h, w, c) become (b, k, k, c). Every pixel is in one
 * window; where k does not divide a side, windows differ by one pixel.
 */
public record GridPool(String name, int k) implements Stage {
  @Override
  public String describe() {
    return "means of a grid of %sx%s windows".formatted(k, k);
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    int[] shape = x.value().shape();
    return trace.tape().apply(x, evaluate(x.value()), dy -> spread(dy, shape));
  }

  @Override
  public Tensor evaluate(Tensor x) {
    return means(x, k);
  }

  /** The means of a grid of windows: k along each side, or all pixels of a side that has fewer. */
  public static Tensor means(Tensor x, int k) {
    Tensor y = x.backend().empty(x.size(0), side(x, 1, k), side(x, 2, k), x.size(3));
    assignMeans(y, x, window -> window.sum(1, 2));
    return y;
  }

  /** Windows along an axis of x: k, or all pixels where there are fewer. */
  static int side(Tensor x, int axis, int k) {
    return Math.min(k, x.size(axis));
  }

  /**
   * Assigns to y (b, rows, columns, c) the means of as many windows of x (b, h, w, c).
   *
   * @param sum gives the sums (b, 1, 1, c) of what is averaged, for a window (b, h', w', c)
   */
  static void assignMeans(Tensor y, Tensor x, UnaryOperator<Tensor> sum) {
    for (int i = 0; i < y.size(1); i++) {
      for (int j = 0; j < y.size(2); j++) {
        Tensor window = part(part(x, 1, i, y.size(1)), 2, j, y.size(2));
        float share = 1f / (window.size(1) * window.size(2));
        at(y, i, j).assign(sum.apply(window).timesAssign(share));
      }
    }
  }

  private Tensor spread(Tensor dy, int[] shape) {
    Tensor dx = dy.backend().empty(shape);
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        Tensor window = part(part(dx, 1, i, k), 2, j, k);
        float share = 1f / (window.size(1) * window.size(2));
        window.assign(at(dy, i, j).times(share).broadcast(window.shape()));
      }
    }
    return dx;
  }

  /** Part i of n of an axis. */
  private static Tensor part(Tensor x, int axis, int i, int n) {
    int size = x.size(axis);
    return x.slice(axis, i * size / n, (i + 1) * size / n);
  }

  private static Tensor at(Tensor y, int i, int j) {
    return y.slice(1, i, i + 1).slice(2, j, j + 1);
  }

  @Override
  public String onnx(OnnxGraph graph, OnnxMaps x) {
    return onnx(graph, x, k);
  }

  /** Adds nodes for the same {@link #means} to a graph; returns the name of the last. */
  public static String onnx(OnnxGraph graph, OnnxMaps x, int k) {
    String rows = graph.constant("rows", shares(k, x.h(), false), Math.min(k, x.h()), x.h());
    String columns = graph.constant("columns", shares(k, x.w(), true), x.w(), Math.min(k, x.w()));
    return graph.node("MatMul", rows, graph.node("MatMul", x.name(), columns));
  }

  /** The matrix (windows, size), or its transpose, whose product with pixels gives means. */
  private static float[] shares(int k, int size, boolean transposed) {
    int n = Math.min(k, size);
    float[] shares = new float[n * size];
    for (int i = 0; i < n; i++) {
      int end = (i + 1) * size / n;
      for (int at = i * size / n; at < end; at++) {
        shares[transposed ? at * n + i : i * size + at] = 1f / (end - i * size / n);
      }
    }
    return shares;
  }
}
