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
  private final Equation form;

  /** Indices of which only a part is meant at the moment. */
  private final Map<NamedAxis, Cut> cuts = new EnumMap<>(NamedAxis.class);

  /** Names of tensors that hold only what belongs to this round of a loop. */
  private final Set<String> local = new HashSet<>();

  private List<EngineCall> steps = new ArrayList<>();
  private int temporaries;

  Planner(Equation form) {
    this.form = form;
  }

  CallChain plan() {
    Operand result = operand(form.target(), true);
    if (form.uses(NamedAxis.K)) {
      steps.add(new EngineCall.Started(result, null));
      blocks(result);
    } else {
      form.definitions().forEach(this::define);
      compile(form.value(), result);
    }
    return new CallChain(List.copyOf(steps), result);
  }

  /** Everything block by block, with n in the block. */
  private void blocks(Operand result) {
    List<Definition> running =
        form.definitions().stream().filter(each -> each.kind() == Kind.RUNNING).toList();
    for (Definition each : running) {
      local.add(each.target().name());
      Operand carried = operand(each.target(), false);
      steps.add(new EngineCall.Started(carried, compile(Recurrence.of(each).start(), null)));
    }
    List<EngineCall> outside = steps;
    steps = new ArrayList<>();
    cuts.put(NamedAxis.N, Cut.PART);
    cuts.put(NamedAxis.M, Cut.PART);
    for (Definition each : form.definitions()) {
      if (!running.contains(each)) {
        local.add(each.target().name());
        compile(each.value(), operand(each.target(), false));
      }
    }
    cuts.remove(NamedAxis.M);
    steps.add(new EngineCall.Stored(result, compile(form.value(), null)));
    for (Definition each : running) {
      Expr.Total update = (Expr.Total) Recurrence.of(each).update();
      for (Expr.Signed term : update.terms()) {
        Operand change = compile(term.of(), null);
        Operand carried = operand(each.target(), false);
        steps.add(new EngineCall.Combined(carried, carried, term.sign(), change));
      }
    }
    outside.add(new EngineCall.Loop(NamedAxis.K, List.copyOf(steps)));
    steps = outside;
  }

  private void define(Definition definition) {
    Operand target = operand(definition.target(), true);
    if (!target.axes().contains(NamedAxis.G)) {
      compile(definition.value(), target);
      return;
    }
    steps.add(new EngineCall.Started(target, null));
    List<EngineCall> outside = steps;
    steps = new ArrayList<>();
    steps.add(new EngineCall.Stored(target, compile(definition.value(), null)));
    outside.add(new EngineCall.Loop(NamedAxis.G, List.copyOf(steps)));
    steps = outside;
  }

  private Operand operand(Expr.Named named, boolean whole) {
    List<NamedAxis> axes = new ArrayList<>(named.axes());
    if (!whole) {
      axes.remove(NamedAxis.K);
    }
    return new Operand(code(named.name()), axes, whole ? Map.of() : cutsOf(axes), whole);
  }

  /** The name in code: x for X, dw for ΔW. */
  static String code(String name) {
    return name.replace("Δ", "d").replace("'", "2").toLowerCase(Locale.ROOT);
  }

  private Map<NamedAxis, Cut> cutsOf(Collection<NamedAxis> axes) {
    Map<NamedAxis, Cut> own = new EnumMap<>(NamedAxis.class);
    cuts.forEach((axis, cut) -> {
      if (axes.contains(axis)) {
        own.put(axis, cut);
      }
    });
    return own;
  }

  private Operand temporary(Collection<NamedAxis> axes) {
    List<NamedAxis> sorted = List.copyOf(EnumSet.copyOf(axes));
    return new Operand("t" + ++temporaries, sorted, cutsOf(sorted), false);
  }

  /** Emits the steps for an expression; its value is in {@code target}, unless that is null. */
  private Operand compile(Expr expression, Operand target) {
    if (expression instanceof Expr.Summed sum
        && sum.over() == NamedAxis.G
        && isOverShard(sum.of())) {
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
      steps.add(new EngineCall.Started(target, value));
      return target;
    }
    EngineCall last = steps.removeLast();
    steps.add(
        switch (last) {
          case EngineCall.Contracted step -> new EngineCall.Contracted(target, step.a(), step.b());
          case EngineCall.Multiplied step -> new EngineCall.Multiplied(target, step.a(), step.b());
          case EngineCall.Combined step ->
              new EngineCall.Combined(target, step.a(), step.sign(), step.b());
          case EngineCall.Scaled step -> new EngineCall.Scaled(target, step.a(), step.numbers());
          case EngineCall.Reduced step -> new EngineCall.Reduced(target, step.a());
          case EngineCall.Viewed step -> new EngineCall.Viewed(target, step.a());
          case EngineCall.Started _, EngineCall.Added _, EngineCall.Stored _, EngineCall.Loop _ ->
              throw new IllegalStateException("no step that makes a tensor: " + last);
        });
    return target;
  }

  private Operand named(Expr.Named named) {
    if (named.isView()) {
      Operand view = temporary(named.free());
      steps.add(new EngineCall.Viewed(view, named));
      return view;
    }
    boolean whole = !local.contains(named.name());
    List<NamedAxis> axes = new ArrayList<>(named.axes());
    if (!whole) {
      axes.remove(NamedAxis.K);
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
        Set<NamedAxis> axes = EnumSet.copyOf(sum.axes());
        axes.addAll(value.axes());
        Operand out = temporary(axes);
        steps.add(new EngineCall.Combined(out, sum, term.sign(), value));
        sum = out;
      }
    }
    return sum;
  }

  private Operand scaled(Operand value, List<String> numbers) {
    Operand out = temporary(value.axes());
    steps.add(new EngineCall.Scaled(out, value, numbers));
    return out;
  }

  /** A product, with the sums around it. */
  private Operand product(Expr expression) {
    Set<NamedAxis> summed = EnumSet.noneOf(NamedAxis.class);
    List<Expr> factors = new ArrayList<>();
    Map<NamedAxis, Cut> before = new EnumMap<>(cuts);
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
        && sum.where().stream().anyMatch(each -> each.other() == NamedAxis.G);
  }

  /** Σ_g f: adds up f of one shard after the other. */
  private Operand accumulated(Expr.Summed sum, Operand out) {
    List<EngineCall> outside = steps;
    steps = new ArrayList<>();
    steps.add(new EngineCall.Added(out, compile(sum.of(), null)));
    outside.add(new EngineCall.Started(out, null));
    outside.add(new EngineCall.Loop(NamedAxis.G, List.copyOf(steps)));
    steps = outside;
    return out;
  }

  /** Multiplies from left to right; sums over an index once no later factor has it. */
  private Operand multiply(List<Expr> factors, Set<NamedAxis> summed) {
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
      Set<NamedAxis> now = EnumSet.copyOf(summed);
      values.subList(i + 1, values.size()).forEach(later -> now.removeAll(later.axes()));
      product = pair(product, values.get(i), now);
    }
    product = reduced(product, summed);
    return numbers.isEmpty() ? product : scaled(product, numbers);
  }

  private Operand pair(Operand left, Operand right, Set<NamedAxis> summed) {
    Set<NamedAxis> ofOne = EnumSet.copyOf(summed);
    ofOne.removeIf(axis -> left.axes().contains(axis) == right.axes().contains(axis));
    Operand a = reduced(left, ofOne);
    Operand b = reduced(right, ofOne);
    Set<NamedAxis> axes = EnumSet.copyOf(a.axes());
    axes.addAll(b.axes());
    boolean sums = axes.removeAll(summed);
    Operand out = temporary(axes);
    steps.add(sums ? new EngineCall.Contracted(out, a, b) : new EngineCall.Multiplied(out, a, b));
    return out;
  }

  private Operand reduced(Operand value, Set<NamedAxis> summed) {
    Set<NamedAxis> axes = EnumSet.copyOf(value.axes());
    if (!axes.removeAll(summed)) {
      return value;
    }
    Operand out = temporary(axes);
    steps.add(new EngineCall.Reduced(out, value));
    return out;
  }
}
