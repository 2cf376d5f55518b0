package org.fasthebb.tools.derive.algebra;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.models.random.Rng;

/**
 * Computes an equation in float64 exactly as it is written: a sum is a loop, an index is a number.
 * It knows no law and no engine, so it can judge both.
 */
public final class Evaluator {
  private final AxisSizes sizes;
  private final Map<String, double[]> values;

  /** The value of each index at the moment. */
  private final Map<NamedAxis, Integer> at = new EnumMap<>(NamedAxis.class);

  private Evaluator(AxisSizes sizes, Map<String, double[]> inputs) {
    this.sizes = sizes;
    values = new HashMap<>(inputs);
    for (NamedAxis axis : NamedAxis.values()) {
      at.put(axis, 0);
    }
  }

  /** The elements of the equation's left side, in row-major order. */
  public static double[] evaluate(Equation form, AxisSizes sizes, Map<String, double[]> inputs) {
    Evaluator evaluator = new Evaluator(sizes, inputs);
    for (Definition each : form.definitions()) {
      evaluator.values.put(each.target().name(), evaluator.define(each));
    }
    return evaluator.fill(form.target().axes(), form.value());
  }

  /**
   * Random inputs for equations, the same for the same name, size and seed. η is 0.1 and 1/B what
   * it says; L is 1 on and below the diagonal; R is positive with rows that sum to 1, and C is R
   * over its sums by column.
   */
  public static Map<String, double[]> inputs(Equation form, AxisSizes sizes, long seed) {
    Map<String, double[]> inputs = new HashMap<>();
    form.inputs().forEach((name, tensor) -> inputs.put(name, input(tensor, sizes, seed)));
    return inputs;
  }

  private static double[] input(Expr.Named tensor, AxisSizes sizes, long seed) {
    if (tensor.isNumber()) {
      return new double[] {tensor.name().equals("η") ? 0.1 : 1.0 / sizes.size(NamedAxis.B)};
    }
    double[] values = new double[sizes.count(shape(tensor))];
    int columns = sizes.size(tensor.axes().getLast());
    long key = Rng.key(seed, (tensor.name().equals("C") ? "R" : tensor.name()).hashCode());
    switch (tensor.name()) {
      case "L" -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = i % columns <= i / columns ? 1 : 0;
        }
      }
      case "R", "C" -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Rng.uniform(key, i) + 0.1;
        }
        divideBySums(values, columns, 1);
        if (tensor.name().equals("C")) {
          divideBySums(values, values.length / columns, columns);
        }
      }
      default -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = 2 * Rng.uniform(key, i) - 1;
        }
      }
    }
    return values;
  }

  /** The axes whose sizes an input has: an image that is seen through y+i has rows p. */
  public static List<NamedAxis> shape(Expr.Named tensor) {
    List<NamedAxis> shape = new ArrayList<>();
    for (Subscript each : tensor.subscripts()) {
      shape.add(
          switch (each.axis()) {
            case Y -> each.isShifted() ? NamedAxis.P : NamedAxis.Y;
            case X -> each.isShifted() ? NamedAxis.Q : NamedAxis.X;
            case P -> each.isShifted() ? NamedAxis.Y : NamedAxis.P;
            case Q -> each.isShifted() ? NamedAxis.X : NamedAxis.Q;
            default -> each.axis();
          });
    }
    return shape;
  }

  /** Divides each run of {@code length} values that are {@code step} apart by its sum. */
  private static void divideBySums(double[] values, int length, int step) {
    for (int start = 0; start < values.length / length; start++) {
      int first = step == 1 ? start * length : start;
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += values[first + i * step];
      }
      for (int i = 0; i < length; i++) {
        values[first + i * step] /= sum;
      }
    }
  }

  private double[] define(Definition definition) {
    Expr.Named target = definition.target();
    return definition.kind() == Definition.Kind.RUNNING
        ? running(target.axes(), Recurrence.of(definition))
        : fill(target.axes(), definition.value());
  }

  /** The start for the first block; for each other what the one before it leaves. */
  private double[] running(List<NamedAxis> axes, Recurrence recurrence) {
    double[] out = new double[sizes.count(axes)];
    at.put(NamedAxis.K, 0);
    fill(axes, 0, 0, recurrence.start(), out, NamedAxis.K);
    for (int k = 1; k < sizes.size(NamedAxis.K); k++) {
      double[] update = new double[out.length];
      at.put(NamedAxis.K, k - 1);
      fill(axes, 0, 0, recurrence.update(), update, NamedAxis.K);
      copyBlock(axes, out, update, k);
    }
    return out;
  }

  /** out of block k = out of block k-1 + update, which stands in the place of block k-1. */
  private void copyBlock(List<NamedAxis> axes, double[] out, double[] update, int k) {
    int inner = sizes.count(axes.subList(axes.indexOf(NamedAxis.K) + 1, axes.size()));
    int blocks = sizes.size(NamedAxis.K);
    for (int i = 0; i < out.length; i++) {
      if (i / inner % blocks == k) {
        out[i] = out[i - inner] + update[i - inner];
      }
    }
  }

  private double[] fill(List<NamedAxis> axes, Expr value) {
    double[] out = new double[sizes.count(axes)];
    fill(axes, 0, 0, value, out, null);
    return out;
  }

  /** Fills all elements whose first indices are set; the index {@code held} stays as it is. */
  private void fill(
      List<NamedAxis> axes, int axis, int place, Expr value, double[] out, NamedAxis held) {
    if (axis == axes.size()) {
      if (!axes.contains(NamedAxis.K) && axes.contains(NamedAxis.N)) {
        at.put(NamedAxis.K, at.get(NamedAxis.N) / sizes.part(NamedAxis.K)); // k is n's block
      }
      out[place] = value(value);
      return;
    }
    NamedAxis here = axes.get(axis);
    int size = sizes.size(here);
    int first = here == held ? at.get(here) : 0;
    int last = here == held ? first : size - 1;
    for (int i = first; i <= last; i++) {
      at.put(here, i);
      fill(axes, axis + 1, place * size + i, value, out, held);
    }
  }

  private double value(Expr expression) {
    return switch (expression) {
      case Expr.Named named -> element(named);
      case Expr.Factors product -> {
        double value = 1;
        for (Expr factor : product.of()) {
          value *= value(factor);
        }
        yield value;
      }
      case Expr.Total total -> {
        double value = 0;
        for (Expr.Signed term : total.terms()) {
          value += term.sign() * value(term.of());
        }
        yield value;
      }
      case Expr.Summed sum -> {
        double value = 0;
        int before = at.get(sum.over());
        for (int i = 0; i < sizes.size(sum.over()); i++) {
          at.put(sum.over(), i);
          value += sum.where().stream().allMatch(this::holds) ? value(sum.of()) : 0;
        }
        at.put(sum.over(), before);
        yield value;
      }
    };
  }

  private boolean holds(Condition condition) {
    int i = at.get(condition.axis());
    int other = at.get(condition.other());
    return switch (condition.relation()) {
      case AT_MOST -> i <= other;
      case BEFORE -> i / sizes.part(condition.other()) < other;
      case IN -> i / sizes.part(condition.other()) == other;
    };
  }

  /** An element of a tensor; outside of a tensor that is seen through shifted indices, 0. */
  private double element(Expr.Named named) {
    List<NamedAxis> shape = shape(named);
    int place = 0;
    for (int i = 0; i < shape.size(); i++) {
      Subscript each = named.subscripts().get(i);
      int index = at.get(each.axis());
      index += each.isShifted() ? each.sign() * at.get(each.shift()) : 0;
      int size = sizes.size(shape.get(i));
      if (index < 0 || index >= size) {
        return 0;
      }
      place = place * size + index;
    }
    return values.get(named.name())[place];
  }
}
