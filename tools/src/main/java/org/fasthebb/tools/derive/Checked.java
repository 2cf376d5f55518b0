package org.fasthebb.tools.derive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.tools.derive.Derivation.Move;
import org.fasthebb.tools.derive.algebra.AxisSizes;
import org.fasthebb.tools.derive.algebra.CallChain;
import org.fasthebb.tools.derive.algebra.EngineRun;
import org.fasthebb.tools.derive.algebra.Equation;
import org.fasthebb.tools.derive.algebra.Evaluator;

/**
 * An equation of a derivation, checked.
 *
 * @param move how it follows from the one before; null for the first
 * @param label where it stands in the paper
 * @param before the equation before it; null for the first
 * @param form the equation
 * @param plan its engine calls
 * @param difference the largest difference from the equation before in float64, relative to its
 *     largest element, over several small shapes
 * @param engineDifference the same between the engine and float64; NaN if the engine has no call
 *     for a step of it
 */
public record Checked(
    Move move,
    String label,
    Equation before,
    Equation form,
    CallChain plan,
    double difference,
    double engineDifference) {
  /** The largest difference between equal equations in float64. */
  static final double TOLERANCE = 1e-12;

  /** The largest difference between the engine's float32 and float64. */
  static final double ENGINE_TOLERANCE = 1e-4;

  /** Shapes for checks: odd ones, primes, a batch of one patch, a layer of one neuron. */
  private static final List<AxisSizes> SHAPES =
      List.of(layer(2, 5, 2, 3, 7, 2, 3), layer(1, 3, 1, 3, 5, 3, 2), layer(3, 4, 3, 1, 1, 4, 5));

  private static AxisSizes layer(
      int images, int side, int channels, int kernel, int neurons, int block, int shards) {
    return AxisSizes.ofLayer(images, side, channels, kernel, neurons, block, shards);
  }

  /** Whether the equation equals the one before, and the engine computes it. */
  boolean isOk() {
    return difference < TOLERANCE && !(engineDifference >= ENGINE_TOLERANCE);
  }

  /** Checks all equations of a derivation at small shapes. */
  static List<Checked> check(Derivation derivation, Backend backend) {
    return check(derivation, backend, SHAPES);
  }

  static List<Checked> check(Derivation derivation, Backend backend, List<AxisSizes> shapes) {
    List<Checked> all = new ArrayList<>();
    Equation form = derivation.start();
    all.add(checked(null, derivation.label(), null, form, backend, shapes));
    for (Move move : derivation.moves()) {
      Equation after = move.law().rewrite().apply(form);
      all.add(checked(move, move.label(), form, after, backend, shapes));
      form = after;
    }
    return all;
  }

  private static Checked checked(
      Move move,
      String label,
      Equation before,
      Equation form,
      Backend backend,
      List<AxisSizes> shapes) {
    CallChain plan = CallChain.of(form);
    double difference = 0;
    double engine = EngineRun.canRun(plan) ? 0 : Double.NaN;
    for (AxisSizes sizes : shapes) {
      Map<String, double[]> inputs = Evaluator.inputs(form, sizes, 1);
      double[] value = Evaluator.evaluate(form, sizes, inputs);
      if (before != null) {
        double[] expected = Evaluator.evaluate(before, sizes, Evaluator.inputs(before, sizes, 1));
        difference = worse(difference, relative(value, expected));
      }
      if (!Double.isNaN(engine)) {
        engine = worse(engine, relative(engine(form, plan, sizes, inputs, backend), value));
      }
    }
    return new Checked(move, label, before, form, plan, difference, engine);
  }

  /** The larger of two differences; what is no number is the largest. */
  private static double worse(double a, double b) {
    return b <= a ? a : Double.isNaN(b) ? Double.POSITIVE_INFINITY : b;
  }

  private static double[] engine(
      Equation form,
      CallChain plan,
      AxisSizes sizes,
      Map<String, double[]> inputs,
      Backend backend) {
    try (Scope _ = backend.scope()) {
      Map<String, Tensor> tensors = Timing.tensors(form, sizes, inputs, backend);
      float[] values = EngineRun.run(plan, backend, sizes, tensors).toArray();
      double[] exact = new double[values.length];
      for (int i = 0; i < exact.length; i++) {
        exact[i] = values[i];
      }
      return exact;
    }
  }

  /** The largest difference, relative to the largest expected element. */
  static double relative(double[] values, double[] expected) {
    if (values.length != expected.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < values.length; i++) {
      largest = worse(largest, Math.abs(expected[i]));
      difference = worse(difference, Math.abs(values[i] - expected[i]));
    }
    return difference == 0 ? 0 : difference / largest;
  }
}
