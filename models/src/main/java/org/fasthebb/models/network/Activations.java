package org.fasthebb.models.network;

import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.hebb.SoftHebb;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.onnx.OnnxMaps;

/** Stages that change outputs pixel by pixel. */
final class Activations {
  private Activations() {}

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

  /** max(0, u - mean of u over channels): SoftHebb's triangle of power 1. */
  record CentredRelu(String name) implements Stage {
    @Override
    public String describe() {
      return "max(0, u - mean of channels)";
    }

    @Override
    public Variable trace(Trace trace, Variable x) {
      Tensor y = evaluate(x.value());
      float share = 1f / y.size(-1);
      return trace
          .tape()
          .apply(
              x,
              y,
              dy -> {
                Tensor d = dy.reluBackward(y);
                return d.minus(d.sum(-1).timesAssign(share));
              });
    }

    @Override
    public Tensor evaluate(Tensor x) {
      return SoftHebb.triangle(x, 1);
    }

    @Override
    public String onnx(OnnxGraph graph, OnnxMaps x) {
      String mean = graph.node("ReduceMean", Map.of("axes", new int[] {1}), x.name());
      return graph.node("Relu", graph.node("Sub", x.name(), mean));
    }
  }

  /**
   * x^p, element by element, for x of at least 0.
   *
   * @param p over 0
   */
  record Power(String name, float p) implements Stage {
    @Override
    public String describe() {
      return "x^" + p;
    }

    @Override
    public Variable trace(Trace trace, Variable x) {
      Tensor y = evaluate(x.value());
      // p x^(p-1) = p y / x, and no gradient where x is 0: there x^(p-1) need not be finite.
      return trace
          .tape()
          .apply(
              x,
              y,
              dy -> dy.times(y).div(x.value().zeroToOne()).timesAssign(p).reluBackward(x.value()));
    }

    @Override
    public Tensor evaluate(Tensor x) {
      return SoftHebb.raised(x, p);
    }

    @Override
    public String onnx(OnnxGraph graph, OnnxMaps x) {
      return graph.node("Pow", x.name(), graph.scalar("power", p));
    }
  }

  /**
   * max(0, u - t), then max(0, -u - t): outputs (.., N) become (.., 2N).
   *
   * @param t at least 0
   * @param k if over 0, outputs are averaged to a k x k grid; see {@link GridPool}
   */
  record TwoSidedThreshold(String name, float t, int k) implements Stage {
    /** Values of x that a CPU thread takes at once: what it makes of them stays in its L2 cache. */
    private static final int BLOCK = 1 << 16;

    /** A stage that keeps all outputs. */
    TwoSidedThreshold(String name, float t) {
      this(name, t, 0);
    }

    @Override
    public String describe() {
      return "max(0, u - %s) and max(0, -u - %s)".formatted(t, t);
    }

    @Override
    public Variable trace(Trace trace, Variable x) {
      Tensor y = evaluate(x.value());
      int n = x.value().size(-1);
      return trace
          .tape()
          .apply(
              x,
              y,
              dy -> {
                Tensor d = dy.reluBackward(y);
                return side(d, 0, n).minus(side(d, n, 2 * n));
              });
    }

    @Override
    public Tensor evaluate(Tensor x) {
      if (k > 0) {
        return means(x);
      }
      int[] shape = x.shape();
      int n = shape[shape.length - 1];
      shape[shape.length - 1] = 2 * n;
      Tensor y = x.backend().empty(shape);
      int rows = x.size() / n;
      Tensor from = x.contiguous().reshape(rows, n);
      Tensor to = y.reshape(rows, 2 * n);
      Backend backend = x.backend();
      int block = backend.isRemote() ? rows : Math.max(1, BLOCK * backend.threads() / n);
      for (int row = 0; row < rows; row += block) {
        int end = Math.min(rows, row + block);
        try (Scope _ = backend.scope()) {
          Tensor u = from.slice(0, row, end);
          Tensor sides = to.slice(0, row, end);
          side(sides, 0, n).assign(u.plus(-t).reluAssign());
          side(sides, n, 2 * n).assign(u.times(-1).plus(-t).reluAssign());
        }
      }
      return y;
    }

    @Override
    public String onnx(OnnxGraph graph, OnnxMaps x) {
      String threshold = graph.scalar("threshold", t);
      String over = graph.node("Sub", x.name(), threshold);
      String under = graph.node("Sub", graph.node("Neg", x.name()), threshold);
      return graph.node(
          "Concat", Map.of("axis", 1), graph.node("Relu", over), graph.node("Relu", under));
    }

    private static Tensor side(Tensor y, int from, int to) {
      return y.slice(y.rank() - 1, from, to);
    }

    /** Whether it can be {@link #pooled}: it keeps all outputs. */
    boolean canPool() {
      return k == 0;
    }

    /** This stage and the means behind it as one, for evaluating and learning only. */
    Stage pooled(int grid) {
      return new TwoSidedThreshold(name, t, grid);
    }

    /** The means of a grid of windows of the output, which is never in memory itself. */
    private Tensor means(Tensor u) {
      int n = u.size(3);
      Tensor y =
          u.backend().empty(u.size(0), GridPool.side(u, 1, k), GridPool.side(u, 2, k), 2 * n);
      GridPool.assignMeans(side(y, 0, n), u, window -> window.sumAbove(t, 1, 2));
      GridPool.assignMeans(side(y, n, 2 * n), u, window -> window.sumBelow(-t, 1, 2));
      return y;
    }
  }
}
