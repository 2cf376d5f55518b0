package org.fasthebb.tools.derive.algebra;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.tools.derive.algebra.Operand.Cut;

/**
 * What a plan costs. Inputs are not counted as memory: all forms of an equation have the same.
 *
 * @param multiplications of numbers, as a formula; that of a loop over blocks is of its leading
 *     order
 * @param multiplicationCount the exact number at given sizes
 * @param largest the size of the largest tensor that a step makes, as a formula
 * @param largestCount its elements at given sizes
 * @param peak bytes, in float32, of all tensors made that are needed at one time, as a formula
 * @param peakBytes the same at given sizes
 */
public record Cost(
    Formula multiplications,
    long multiplicationCount,
    Formula largest,
    long largestCount,
    Formula peak,
    long peakBytes) {
  /** Bytes of a number in float32. */
  private static final int FLOAT = 4;

  /** The size of a tensor, as a formula and at given sizes. */
  private record Elements(Formula formula, long count) {
    Elements plus(Elements other) {
      return new Elements(formula.plus(other.formula), count + other.count);
    }
  }

  /** The cost of a plan at these sizes. */
  public static Cost of(CallChain plan, AxisSizes sizes) {
    return new Counter(sizes).count(plan);
  }

  private static final class Counter {
    private final AxisSizes sizes;
    private Formula formula = Formula.zero();
    private long multiplications;
    private Formula largest = Formula.zero();
    private long largestCount;

    /** The steps in order, each with all tensors it reads and the one it makes or changes. */
    private final List<List<String>> touched = new ArrayList<>();

    private final Map<String, Elements> made = new HashMap<>();

    Counter(AxisSizes sizes) {
      this.sizes = sizes;
    }

    Cost count(CallChain plan) {
      plan.steps().forEach(step -> count(step, null));
      touched.add(List.of(plan.result().name()));
      Elements peak = peak();
      return new Cost(
          formula,
          multiplications,
          largest,
          largestCount,
          peak.formula.times(FLOAT),
          FLOAT * peak.count);
    }

    private void count(EngineCall step, NamedAxis loop) {
      switch (step) {
        case EngineCall.Contracted it -> {
          List<NamedAxis> axes = new ArrayList<>(it.a().axes());
          it.b().axes().stream().filter(axis -> !axes.contains(axis)).forEach(axes::add);
          Map<NamedAxis, Cut> cuts = new EnumMap<>(NamedAxis.class);
          cuts.putAll(it.a().cuts());
          cuts.putAll(it.b().cuts());
          multiply(axes, cuts, loop);
          make(it.out(), it.a(), it.b());
        }
        case EngineCall.Multiplied it -> {
          multiply(it.out().axes(), it.out().cuts(), loop);
          make(it.out(), it.a(), it.b());
        }
        case EngineCall.Scaled it -> {
          multiply(it.out().axes(), it.out().cuts(), loop);
          make(it.out(), it.a());
        }
        case EngineCall.Combined it -> make(it.out(), it.a(), it.b());
        case EngineCall.Reduced it -> make(it.out(), it.a());
        case EngineCall.Viewed it -> touched.add(List.of(it.out().name())); // no memory
        case EngineCall.Started it -> {
          if (it.a() == null) {
            make(it.out());
          } else {
            make(it.out(), it.a());
          }
        }
        case EngineCall.Added it -> make(it.out(), it.a());
        case EngineCall.Stored it -> make(it.out(), it.a());
        case EngineCall.Loop it -> {
          int from = touched.size();
          it.body().forEach(each -> count(each, it.over()));
          // What a loop reads again in its next round lives until it ends.
          List<String> outside = new ArrayList<>();
          for (List<String> names : touched.subList(from, touched.size())) {
            names.stream()
                .filter(name -> touched.subList(0, from).stream().anyMatch(l -> l.contains(name)))
                .forEach(outside::add);
          }
          touched.add(outside);
        }
      }
    }

    private void multiply(List<NamedAxis> axes, Map<NamedAxis, Cut> cuts, NamedAxis loop) {
      List<String> symbols = new ArrayList<>();
      double factor = 1;
      if (loop != null) {
        symbols.add(loop.size());
      }
      for (NamedAxis axis : axes) {
        Cut cut = cuts.get(axis);
        if (cut == Cut.PART) {
          symbols.add(axis == NamedAxis.B ? "B/G" : "K");
        } else {
          symbols.add(axis.size());
          factor *= cut == Cut.BEFORE ? 0.5 : 1;
        }
      }
      formula = formula.plus(Formula.product(factor, symbols));
      int rounds = loop == null ? 1 : sizes.size(loop);
      for (int round = 0; round < rounds; round++) {
        multiplications += elements(axes, cuts, loop, round);
      }
    }

    private long elements(
        List<NamedAxis> axes, Map<NamedAxis, Cut> cuts, NamedAxis loop, int round) {
      long elements = 1;
      for (NamedAxis axis : axes) {
        elements = Math.multiplyExact(elements, length(axis, cuts.get(axis), loop, round));
      }
      return elements;
    }

    private long length(NamedAxis axis, Cut cut, NamedAxis loop, int round) {
      if (cut == null) {
        return sizes.size(axis);
      }
      long from = (long) round * sizes.part(loop);
      return cut == Cut.BEFORE ? from : Math.min(sizes.size(axis), from + sizes.part(loop)) - from;
    }

    private void make(Operand out, Operand... read) {
      List<String> names = new ArrayList<>();
      names.add(out.name());
      for (Operand each : read) {
        names.add(each.name());
      }
      touched.add(names);
      long elements = 1;
      List<String> symbols = new ArrayList<>();
      for (NamedAxis axis : out.axes()) {
        NamedAxis part = axis == NamedAxis.B ? NamedAxis.G : NamedAxis.K;
        boolean cut = !out.whole() && out.cuts().get(axis) == Cut.PART;
        elements *= cut ? Math.min(sizes.part(part), sizes.size(axis)) : sizes.size(axis);
        symbols.add(!cut ? axis.size() : part == NamedAxis.G ? "B/G" : "K");
      }
      Formula size = Formula.product(1, symbols);
      Elements before = made.get(out.name());
      if (before == null || before.count < elements) {
        made.put(out.name(), new Elements(size, elements));
      }
      if (elements > largestCount) {
        largestCount = elements;
        largest = size;
      }
    }

    /** The most elements that are needed at one time: from when they are made to their last use. */
    private Elements peak() {
      Map<String, Integer> first = new HashMap<>();
      Map<String, Integer> last = new HashMap<>();
      for (int i = 0; i < touched.size(); i++) {
        for (String name : touched.get(i)) {
          first.putIfAbsent(name, i);
          last.put(name, i);
        }
      }
      Elements peak = new Elements(Formula.zero(), 0);
      for (int i = 0; i < touched.size(); i++) {
        Elements live = new Elements(Formula.zero(), 0);
        for (Map.Entry<String, Elements> each : made.entrySet()) {
          boolean needed = first.get(each.getKey()) <= i && i <= last.get(each.getKey());
          live = needed ? live.plus(each.getValue()) : live;
        }
        peak = live.count > peak.count ? live : peak;
      }
      return peak;
    }
  }
}
