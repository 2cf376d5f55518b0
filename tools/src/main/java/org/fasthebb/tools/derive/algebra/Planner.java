package org.fasthebb.tools.derive.algebra;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.fasthebb.tools.derive.algebra.Condition.Relation;
import org.fasthebb.tools.derive.algebra.Definition.Kind;
import org.fasthebb.tools.derive.algebra.Operand.Cut;

/**
 * Turns an equation into engine calls, literally: definitions in order, factors from left to right,
 * a sum together with the last factor that has its index. It does not look for anything cheaper;
 * that is what laws are for.
 */
final class Planner {
  private final Form form;

  /** Indices of which only a part is meant at the moment. */
  private final Map<Axis, Cut> cuts = new EnumMap<>(Axis.class);

  /** Names of tensors that hold only what belongs to this round of a loop. */
  private final Set<String> local = new HashSet<>();

  private List<Step> steps = new ArrayList<>();
  private int temporaries;

  Planner(Form form) {
    this.form = form;
  }

  Plan plan() {
    Operand result = operand(form.target(), true);
    if (form.uses(Axis.K)) {
      steps.add(new Step.Started(result, null));
      blocks(result);
    } else {
      form.definitions().forEach(this::define);
      compile(form.value(), result);
    }
    return new Plan(List.copyOf(steps), result);
  }

  /** Everything block by block, with n in the block. */
  private void blocks(Operand result) {
    List<Definition> running =
        form.definitions().stream().filter(each -> each.kind() == Kind.RUNNING).toList();
    for (Definition each : running) {
      local.add(each.target().name());
      Operand carried = operand(each.target(), false);
      steps.add(new Step.Started(carried, compile(Recurrence.of(each).start(), null)));
    }
    List<Step> outside = steps;
    steps = new ArrayList<>();
    cuts.put(Axis.N, Cut.PART);
    cuts.put(Axis.M, Cut.PART);
    for (Definition each : form.definitions()) {
      if (!running.contains(each)) {
        local.add(each.target().name());
        compile(each.value(), operand(each.target(), false));
      }
    }
    cuts.remove(Axis.M);
    steps.add(new Step.Stored(result, compile(form.value(), null)));
    for (Definition each : running) {
      Expr.Total update = (Expr.Total) Recurrence.of(each).update();
      for (Expr.Signed term : update.terms()) {
        Operand change = compile(term.of(), null);
        Operand carried = operand(each.target(), false);
        steps.add(new Step.Combined(carried, carried, term.sign(), change));
      }
    }
    outside.add(new Step.Loop(Axis.K, List.copyOf(steps)));
    steps = outside;
  }

  private void define(Definition definition) {
    Operand target = operand(definition.target(), true);
    if (!target.axes().contains(Axis.G)) {
      compile(definition.value(), target);
      return;
    }
    steps.add(new Step.Started(target, null));
    List<Step> outside = steps;
    steps = new ArrayList<>();
    steps.add(new Step.Stored(target, compile(definition.value(), null)));
    outside.add(new Step.Loop(Axis.G, List.copyOf(steps)));
    steps = outside;
  }

  private Operand operand(Expr.Named named, boolean whole) {
    List<Axis> axes = new ArrayList<>(named.axes());
    if (!whole) {
      axes.remove(Axis.K);
    }
    return new Operand(code(named.name()), axes, whole ? Map.of() : cutsOf(axes), whole);
  }

  /** The name in code: x for X, dw for ΔW. */
  static String code(String name) {
    return name.replace("Δ", "d").replace("'", "2").toLowerCase(Locale.ROOT);
  }

  private Map<Axis, Cut> cutsOf(Collection<Axis> axes) {
    Map<Axis, Cut> own = new EnumMap<>(Axis.class);
    cuts.forEach((axis, cut) -> {
      if (axes.contains(axis)) {
        own.put(axis, cut);
      }
    });
    return own;
  }

  private Operand temporary(Collection<Axis> axes) {
    List<Axis> sorted = List.copyOf(EnumSet.copyOf(axes));
    return new Operand("t" + ++temporaries, sorted, cutsOf(sorted), false);
  }

  /** Emits the steps for an expression; its value is in {@code target}, unless that is null. */
  private Operand compile(Expr expression, Operand target) {
    if (expression instanceof Expr.Summed sum && sum.over() == Axis.G && isOverShard(sum.of())) {
      return accumulated(sum, target == null ? temporary(sum.free()) : target);
    }
    Operand value =
        switch (expression) {
          case Expr.Named named -> named(named);
          case Expr.Total total -> total(total);
          case Expr.Factors _, Expr.Summed _ -> product(expression);
        };
    return target == null ? value : into(target, value);
  }

  /** Gives the value of the last step another name, if a step made it; else copies it. */
  private Operand into(Operand target, Operand value) {
    if (steps.isEmpty() || !value.name().startsWith("t")) {
      steps.add(new Step.Started(target, value));
      return target;
    }
    Step last = steps.removeLast();
    steps.add(
        switch (last) {
          case Step.Contracted step -> new Step.Contracted(target, step.a(), step.b());
          case Step.Multiplied step -> new Step.Multiplied(target, step.a(), step.b());
          case Step.Combined step -> new Step.Combined(target, step.a(), step.sign(), step.b());
          case Step.Scaled step -> new Step.Scaled(target, step.a(), step.numbers());
          case Step.Reduced step -> new Step.Reduced(target, step.a());
          case Step.Viewed step -> new Step.Viewed(target, step.a());
          case Step.Started _, Step.Added _, Step.Stored _, Step.Loop _ ->
              throw new IllegalStateException("no step that makes a tensor: " + last);
        });
    return target;
  }

  private Operand named(Expr.Named named) {
    if (named.isView()) {
      Operand view = temporary(named.free());
      steps.add(new Step.Viewed(view, named));
      return view;
    }
    boolean whole = !local.contains(named.name());
    List<Axis> axes = new ArrayList<>(named.axes());
    if (!whole) {
      axes.remove(Axis.K);
    }
    return new Operand(code(named.name()), axes, cutsOf(axes), whole);
  }

  private Operand total(Expr.Total total) {
    Operand sum = null;
    for (Expr.Signed term : total.terms()) {
      Operand value = compile(term.of(), null);
      if (sum == null) {
        sum = term.sign() > 0 ? value : scaled(value, List.of("-1"));
      } else {
        Set<Axis> axes = EnumSet.copyOf(sum.axes());
        axes.addAll(value.axes());
        Operand out = temporary(axes);
        steps.add(new Step.Combined(out, sum, term.sign(), value));
        sum = out;
      }
    }
    return sum;
  }

  private Operand scaled(Operand value, List<String> numbers) {
    Operand out = temporary(value.axes());
    steps.add(new Step.Scaled(out, value, numbers));
    return out;
  }

  /** A product, with the sums around it. */
  private Operand product(Expr expression) {
    Set<Axis> summed = EnumSet.noneOf(Axis.class);
    List<Expr> factors = new ArrayList<>();
    Map<Axis, Cut> before = new EnumMap<>(cuts);
    Expr inner = expression;
    while (inner instanceof Expr.Summed sum) {
      summed.add(sum.over());
      for (Condition each : sum.where()) {
        if (each.relation() == Relation.AT_MOST) {
          factors.add(Expr.named("L", each.other().toString() + each.axis()));
        } else {
          cuts.put(each.axis(), each.relation() == Relation.IN ? Cut.PART : Cut.BEFORE);
        }
      }
      inner = sum.of();
    }
    if (inner instanceof Expr.Factors product) {
      factors.addAll(product.of());
    } else {
      factors.add(inner);
    }
    Operand value = multiply(factors, summed);
    cuts.clear();
    cuts.putAll(before);
    return value;
  }

  private static boolean isOverShard(Expr expression) {
    return expression instanceof Expr.Summed sum
        && sum.where().stream().anyMatch(each -> each.other() == Axis.G);
  }

  /** Σ_g f: adds up f of one shard after the other. */
  private Operand accumulated(Expr.Summed sum, Operand out) {
    List<Step> outside = steps;
    steps = new ArrayList<>();
    steps.add(new Step.Added(out, compile(sum.of(), null)));
    outside.add(new Step.Started(out, null));
    outside.add(new Step.Loop(Axis.G, List.copyOf(steps)));
    steps = outside;
    return out;
  }

  /** Multiplies from left to right; sums over an index once no later factor has it. */
  private Operand multiply(List<Expr> factors, Set<Axis> summed) {
    List<String> numbers = new ArrayList<>();
    List<Operand> values = new ArrayList<>();
    for (Expr factor : factors) {
      if (factor instanceof Expr.Named named && named.isNumber()) {
        numbers.add(named.name());
      } else {
        values.add(compile(factor, null));
      }
    }
    Operand product = values.getFirst();
    for (int i = 1; i < values.size(); i++) {
      Set<Axis> now = EnumSet.copyOf(summed);
      values.subList(i + 1, values.size()).forEach(later -> now.removeAll(later.axes()));
      product = pair(product, values.get(i), now);
    }
    product = reduced(product, summed);
    return numbers.isEmpty() ? product : scaled(product, numbers);
  }

  private Operand pair(Operand left, Operand right, Set<Axis> summed) {
    Set<Axis> ofOne = EnumSet.copyOf(summed);
    ofOne.removeIf(axis -> left.axes().contains(axis) == right.axes().contains(axis));
    Operand a = reduced(left, ofOne);
    Operand b = reduced(right, ofOne);
    Set<Axis> axes = EnumSet.copyOf(a.axes());
    axes.addAll(b.axes());
    boolean sums = axes.removeAll(summed);
    Operand out = temporary(axes);
    steps.add(sums ? new Step.Contracted(out, a, b) : new Step.Multiplied(out, a, b));
    return out;
  }

  private Operand reduced(Operand value, Set<Axis> summed) {
    Set<Axis> axes = EnumSet.copyOf(value.axes());
    if (!axes.removeAll(summed)) {
      return value;
    }
    Operand out = temporary(axes);
    steps.add(new Step.Reduced(out, value));
    return out;
  }
}
