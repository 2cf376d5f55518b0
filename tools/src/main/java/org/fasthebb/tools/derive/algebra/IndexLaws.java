package org.fasthebb.tools.derive.algebra;

import static org.fasthebb.tools.derive.algebra.Laws.factors;
import static org.fasthebb.tools.derive.algebra.Laws.law;
import static org.fasthebb.tools.derive.algebra.Laws.onFirst;
import static org.fasthebb.tools.derive.algebra.Laws.require;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.fasthebb.tools.derive.algebra.Condition.Relation;
import org.fasthebb.tools.derive.algebra.Definition.Kind;

/**
 * The laws of indices: conditions on them, triangles, blocks of neurons, shards of a batch, and
 * several indices counted as one. They refuse as {@link Laws} do.
 */
public final class IndexLaws {
  private IndexLaws() {}

  /** Σ_{m≤n} f = Σ_m L_nm f, with L = 1 on and below the diagonal and 0 above it. */
  public static Law mask(NamedAxis over) {
    return law(
        "write the condition on %s as a matrix L of zeros and ones".formatted(over),
        "Σ_{m≤n} f = Σ_m L_nm f",
        onFirst(
            part -> part instanceof Expr.Summed sum && sum.over() == over && atMost(sum) != null,
            part -> {
              Expr.Summed sum = (Expr.Summed) part;
              return Expr.sum(over, Expr.times(lower(atMost(sum).other(), over), sum.of()));
            },
            "cannot write a condition on %s as a matrix: no sum over %s has a condition %s ≤ ..."
                .formatted(over, over, over)));
  }

  /** Σ_m L_nm f = Σ_{m≤n} f: undoes {@link #mask}. */
  public static Law unmask(NamedAxis over) {
    return law(
        "read L as the condition %s≤n".formatted(over),
        "Σ_m L_nm f = Σ_{m≤n} f",
        onFirst(
            part ->
                part instanceof Expr.Summed sum
                    && sum.over() == over
                    && sum.where().isEmpty()
                    && factors(sum.of()).contains(lower(NamedAxis.N, over)),
            part -> {
              Expr.Summed sum = (Expr.Summed) part;
              List<Expr> rest = new ArrayList<>(factors(sum.of()));
              rest.remove(lower(NamedAxis.N, over));
              return Expr.sum(new Condition(over, Relation.AT_MOST, NamedAxis.N), Expr.times(rest));
            },
            "cannot read L as a condition: no sum over %s has the factor L".formatted(over)));
  }

  private static Expr lower(NamedAxis row, NamedAxis column) {
    return Expr.named("L", row.toString() + column);
  }

  private static Condition atMost(Expr.Summed sum) {
    return sum.where().size() == 1 && sum.where().getFirst().relation() == Relation.AT_MOST
        ? sum.where().getFirst()
        : null;
  }

  /** Σ_{m≤n} f = Σ_{m&lt;k} f + Σ_{m∈k, m≤n} f, with k the block that n is in. */
  public static Law splitTriangle(NamedAxis over) {
    return law(
        "split the triangle over %s into blocks k of neurons".formatted(over),
        "Σ_{m≤n} f = Σ_{m<k} f + Σ_{m∈k,m≤n} f, where k is n's block",
        onFirst(
            part -> part instanceof Expr.Summed sum && sum.over() == over,
            part -> {
              Expr.Summed sum = (Expr.Summed) part;
              Condition triangle = atMost(sum);
              require(
                  triangle != null,
                  "cannot split the sum over %s: it has no condition %s ≤ n, so it is no triangle"
                      .formatted(over, over));
              Condition before = new Condition(over, Relation.BEFORE, NamedAxis.K);
              Condition in = new Condition(over, Relation.IN, NamedAxis.K);
              return Expr.plus(
                  Expr.sum(before, sum.of()),
                  new Expr.Summed(over, List.of(in, triangle), sum.of()));
            },
            "cannot split a triangle: there is no sum over %s".formatted(over)));
  }

  /** Σ_b f = Σ_g Σ_{b∈g} f, in every sum over b. */
  public static Law shard(NamedAxis over) {
    return law(
        "split the batch into shards g",
        "Σ_b f = Σ_g Σ_{b∈g} f",
        expression -> {
          Expr split = sharded(expression, over);
          require(
              !split.equals(expression),
              "cannot split into shards: there is no sum over %s".formatted(over));
          return split;
        });
  }

  private static Expr sharded(Expr expression, NamedAxis over) {
    require(
        over.equals(NamedAxis.B),
        "cannot split %s into shards: only b counts patches".formatted(over));
    if (!(expression instanceof Expr.Summed sum) || sum.over() != over) {
      return expression.withParts(part -> sharded(part, over));
    }
    require(
        sum.where().isEmpty(),
        "cannot split the sum over %s into shards: it has a condition already".formatted(over));
    Condition in = new Condition(over, Relation.IN, NamedAxis.G);
    return Expr.sum(NamedAxis.G, Expr.sum(in, sharded(sum.of(), over)));
  }

  /** E of the next block is E of this one minus this block's part of the sum. */
  public static Law carry(String name) {
    return new Law(
        "carry %s from block to block".formatted(name),
        "Σ_{m<k+1} f = Σ_{m<k} f + Σ_{m∈k} f",
        form -> {
          Definition found = form.definition(name).orElse(null);
          require(found != null, "cannot carry %s: it has no definition".formatted(name));
          Recurrence.of(found); // refuses what is no running difference
          Definition running = new Definition(found.target(), found.value(), Kind.RUNNING);
          return new Equation(
              form.definitions().stream().map(each -> each.equals(found) ? running : each).toList(),
              form.target(),
              form.value());
        });
  }

  /**
   * Counts several axes as one, everywhere in the equation: rows and columns of a matrix are one
   * row of numbers in memory. A view keeps its own axes in its definition.
   */
  public static Law flatten(List<NamedAxis> axes, NamedAxis as) {
    String letters = String.join("", axes.stream().map(NamedAxis::toString).toList());
    return new Law(
        "count (%s) as one index %s".formatted(letters, as),
        "Σ_i Σ_j f = Σ_s f, with s = (i, j)",
        form -> {
          Expr value = flattened(form.value(), axes, as);
          Expr.Named target = (Expr.Named) flattened(form.target(), axes, as);
          require(
              !value.equals(form.value()),
              "cannot count %s as one index: no tensor has them side by side".formatted(letters));
          for (NamedAxis axis : axes) {
            require(
                !value.free().contains(axis) && !sumsOver(value, axis),
                "cannot count %s as one index: %s is also used alone".formatted(letters, axis));
          }
          return new Equation(form.definitions(), target, value);
        });
  }

  private static boolean sumsOver(Expr expression, NamedAxis axis) {
    boolean[] found = {false};
    expression.everywhere(part -> {
      found[0] |= part instanceof Expr.Summed sum && sum.over() == axis;
      return part;
    });
    return found[0];
  }

  private static Expr flattened(Expr expression, List<NamedAxis> axes, NamedAxis as) {
    return switch (expression) {
      case Expr.Named named -> {
        List<Subscript> run = axes.stream().map(Subscript::of).toList();
        int start = Collections.indexOfSubList(named.subscripts(), run);
        if (start < 0) {
          yield named;
        }
        List<Subscript> changed = new ArrayList<>(named.subscripts().subList(0, start));
        changed.add(Subscript.of(as));
        changed.addAll(named.subscripts().subList(start + run.size(), named.subscripts().size()));
        yield new Expr.Named(named.name(), List.copyOf(changed));
      }
      case Expr.Summed sum when sum.over() == axes.getFirst() -> {
        Expr inner = sum;
        for (NamedAxis axis : axes) {
          require(
              inner instanceof Expr.Summed each && each.over() == axis && each.where().isEmpty(),
              "cannot count several axes as %s: the sum over %s is not next in order"
                  .formatted(as, axis));
          inner = ((Expr.Summed) inner).of();
        }
        yield Expr.sum(as, flattened(inner, axes, as));
      }
      default -> expression.withParts(part -> flattened(part, axes, as));
    };
  }
}
