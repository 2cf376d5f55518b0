package org.fasthebb.tools.derive;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.random.Rng;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.derive.algebra.AxisSizes;
import org.fasthebb.tools.derive.algebra.CallChain;
import org.fasthebb.tools.derive.algebra.Cost;
import org.fasthebb.tools.derive.algebra.EngineRun;
import org.fasthebb.tools.derive.algebra.Equation;
import org.fasthebb.tools.derive.algebra.Evaluator;
import org.fasthebb.tools.derive.algebra.Expr;
import org.fasthebb.tools.derive.algebra.NamedAxis;

/** How long the engine takes for an equation at the sizes of a layer. */
final class Timing {
  /** The part of the heap that inputs and intermediate tensors may take. */
  private static final double SHARE = 0.25;

  /** Nanoseconds after which no further run starts, if there were two. */
  private static final long ENOUGH = 200_000_000;

  /** The most multiplications of a run. */
  private static final long MOST = 1L << 38;

  private Timing() {}

  /**
   * The time of the fastest of several runs, in words. If the tensors would not fit into memory, or
   * the work would take minutes, fewer patches are taken, and the words say how many.
   */
  static String measure(Equation form, CallChain plan, AxisSizes sizes, Backend backend) {
    if (!EngineRun.canRun(plan)) {
      return "not run: the engine has no view for these indices";
    }
    int all = sizes.size(NamedAxis.B);
    int patches = all;
    while (patches > 0 && !fits(form, plan, sizes.withPatches(patches), backend)) {
      patches /= 2;
    }
    if (patches == 0 || (patches < all && form.inputs().containsKey("I"))) {
      return "not run: too large for this machine";
    }
    double seconds = seconds(form, plan, sizes.withPatches(patches), backend);
    String time = seconds < 1 ? Text.format("%.3g ms", 1e3 * seconds) : Text.seconds(seconds);
    return patches == all ? time : time + ", B = " + Text.count(patches);
  }

  private static boolean fits(Equation form, CallChain plan, AxisSizes sizes, Backend backend) {
    try {
      Cost cost = Cost.of(plan, sizes);
      long inputs = 0;
      for (Expr.Named each : form.inputs().values()) {
        inputs += Evaluator.shape(each).stream().mapToLong(sizes::size).reduce(1, (a, b) -> a * b);
      }
      return cost.largestCount() <= Integer.MAX_VALUE / 8
          && cost.peakBytes() + 4 * inputs <= SHARE * backend.memory()
          && cost.multiplicationCount() <= MOST;
    } catch (ArithmeticException e) { // more than a long can count
      return false;
    }
  }

  private static double seconds(Equation form, CallChain plan, AxisSizes sizes, Backend backend) {
    Map<String, Tensor> inputs = tensors(form, sizes, null, backend);
    long best = Long.MAX_VALUE;
    long end = System.nanoTime() + ENOUGH;
    for (int run = 0; run < 2 || System.nanoTime() < end; run++) {
      long start = System.nanoTime();
      try (Scope _ = backend.scope()) {
        EngineRun.run(plan, backend, sizes, inputs);
        backend.await();
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    return best * 1e-9;
  }

  /** The inputs of an equation as tensors: these values, or random ones for null. */
  static Map<String, Tensor> tensors(
      Equation form, AxisSizes sizes, Map<String, double[]> inputs, Backend backend) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    form.inputs()
        .forEach((name, tensor) -> {
          int[] shape = Evaluator.shape(tensor).stream().mapToInt(sizes::size).toArray();
          double[] values = inputs == null ? null : inputs.get(name);
          tensors.put(name, backend.of(floats(shape, values), shape));
        });
    return tensors;
  }

  private static float[] floats(int[] shape, double[] values) {
    int count = 1;
    for (int size : shape) {
      count = Math.multiplyExact(count, size);
    }
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = values == null ? 2 * Rng.uniform(count, i) - 1 : (float) values[i];
    }
    return floats;
  }
}
