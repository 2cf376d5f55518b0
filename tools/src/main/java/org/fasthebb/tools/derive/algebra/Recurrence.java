package org.fasthebb.tools.derive.algebra;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.tools.derive.algebra.Condition.Relation;

/**
 * A definition over blocks in order: E of the first block is {@code start}, and that of the next is
 * E of this one plus {@code update}.
 *
 * @param start the terms that do not look back
 * @param update the terms that do, with "in this block" in place of "in an earlier block"
 */
public record Recurrence(Expr start, Expr update) {
  /**
   * Reads a definition so.
   *
   * @throws IllegalArgumentException if it looks back in another way, or not at all
   */
  public static Recurrence of(Definition definition) {
    List<Expr.Signed> start = new ArrayList<>();
    List<Expr.Signed> update = new ArrayList<>();
    if (definition.value() instanceof Expr.Total total) {
      for (Expr.Signed term : total.terms()) {
        if (term.of() instanceof Expr.Summed sum && looksBack(sum)) {
          Condition in = new Condition(sum.over(), Relation.IN, NamedAxis.K);
          update.add(new Expr.Signed(term.sign(), Expr.sum(in, sum.of())));
        } else {
          start.add(term);
        }
      }
    }
    if (start.isEmpty()
        || update.isEmpty()
        || start.stream().anyMatch(each -> each.of().free().contains(NamedAxis.K))) {
      throw new IllegalArgumentException(
          "%s is no running difference: its value must be a total in which the index k stands only"
                  .formatted(definition.target().name())
              + " in sums over earlier blocks");
    }
    return new Recurrence(Expr.total(start), new Expr.Total(update));
  }

  private static boolean looksBack(Expr.Summed sum) {
    return sum.where().equals(List.of(new Condition(sum.over(), Relation.BEFORE, NamedAxis.K)))
        && !sum.of().free().contains(NamedAxis.K);
  }
}
