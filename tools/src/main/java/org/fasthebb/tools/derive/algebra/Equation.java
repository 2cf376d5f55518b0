package org.fasthebb.tools.derive.algebra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An equation, with the definitions that it uses.
 *
 * @param definitions in the order in which they are computed; a later one may use an earlier one
 * @param target the left side
 * @param value the right side
 */
public record Equation(List<Definition> definitions, Expr.Named target, Expr value) {
  public static Equation of(Expr.Named target, Expr value) {
    return new Equation(List.of(), target, value);
  }

  Equation withValue(Expr changed) {
    return new Equation(definitions, target, changed);
  }

  /** This with one more definition, the last. */
  public Equation with(Definition definition) {
    List<Definition> more = new ArrayList<>(definitions);
    more.add(definition);
    return new Equation(List.copyOf(more), target, value);
  }

  Equation without(Definition definition) {
    return new Equation(
        definitions.stream().filter(each -> !each.equals(definition)).toList(), target, value);
  }

  public Optional<Definition> definition(String name) {
    return definitions.stream().filter(each -> each.target().name().equals(name)).findFirst();
  }

  /** All right sides, the equation's last. */
  List<Expr> values() {
    List<Expr> values = new ArrayList<>();
    definitions.forEach(each -> values.add(each.value()));
    values.add(value);
    return values;
  }

  /**
   * The tensors and numbers that nothing here defines, by name, as they are first met. The triangle
   * L is one where a sum has a condition m ≤ n: a plan needs it.
   */
  public Map<String, Expr.Named> inputs() {
    Map<String, Expr.Named> inputs = new LinkedHashMap<>();
    UnaryOperator<Expr> collect =
        part -> {
          if (part instanceof Expr.Named named && definition(named.name()).isEmpty()) {
            inputs.putIfAbsent(named.name(), named);
          }
          if (part instanceof Expr.Summed sum) {
            sum.where().stream()
                .filter(each -> each.relation() == Condition.Relation.AT_MOST)
                .forEach(each -> inputs.putIfAbsent("L", Expr.named("L", "nm")));
          }
          return part;
        };
    values().forEach(each -> each.everywhere(collect));
    return inputs;
  }

  /** Whether some right side depends on this index, or sums over it. */
  public boolean uses(NamedAxis axis) {
    boolean[] found = {false};
    UnaryOperator<Expr> look =
        part -> {
          found[0] |= part.free().contains(axis);
          found[0] |= part instanceof Expr.Summed sum && sum.over() == axis;
          return part;
        };
    values().forEach(each -> each.everywhere(look));
    return found[0];
  }
}
