package org.fasthebb.tools.derive.algebra;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.fasthebb.tools.derive.algebra.Definition.Kind;

/**
 * The laws of sums and products that the paper uses. Each looks for the first place in the right
 * side where it applies, from the outside in, and refuses in one sentence if there is none.
 */
public final class Laws {
  private Laws() {}

  /** a (b - c) = a b - a c and Σ (b - c) = Σ b - Σ c, everywhere. */
  public static Law distribute() {
    return law(
        "distribute",
        "Σ a (b − c) = Σ a b − Σ a c",
        expression -> {
          Expr distributed = distributed(expression);
          require(
              !distributed.equals(expression),
              "cannot distribute: no factor and no summand is itself a sum or a difference");
          return distributed;
        });
  }

  private static Expr distributed(Expr expression) {
    Expr inner = expression.withParts(Laws::distributed);
    return switch (inner) {
      case Expr.Summed sum when sum.of() instanceof Expr.Total total ->
          mapTerms(total, term -> new Expr.Summed(sum.over(), sum.where(), term));
      case Expr.Factors product -> {
        for (Expr factor : product.of()) {
          if (factor instanceof Expr.Total total) {
            yield distributed(mapTerms(total, term -> with(product, factor, term)));
          }
        }
        yield product;
      }
      default -> inner;
    };
  }

  private static Expr mapTerms(Expr.Total total, Function<Expr, Expr> change) {
    return Expr.total(
        total.terms().stream()
            .map(each -> new Expr.Signed(each.sign(), change.apply(each.of())))
            .toList());
  }

  /** The product with another factor in the place of one. */
  private static Expr with(Expr.Factors product, Expr factor, Expr other) {
    List<Expr> factors = new ArrayList<>(product.of());
    factors.set(factors.indexOf(factor), other);
    return Expr.times(factors);
  }

  /** Σ_i a f_i = a Σ_i f_i, if i does not occur in a. In every sum over i that has the factor. */
  public static Law pullOut(String factor, NamedAxis over) {
    return law(
        "pull %s out of the sum over %s".formatted(factor, over),
        "Σ a f = a Σ f, if the index is not in a",
        expression -> {
          Expr changed = pulledOut(expression, factor, over);
          require(
              !changed.equals(expression),
              "cannot pull %s out of a sum over %s: no such sum has the factor %s"
                  .formatted(factor, over, factor));
          return changed;
        });
  }

  private static Expr pulledOut(Expr part, String name, NamedAxis over) {
    Expr.Summed sum = part instanceof Expr.Summed each && each.over() == over ? each : null;
    Expr.Factors product = sum != null && sum.of() instanceof Expr.Factors each ? each : null;
    Expr factor = product == null ? null : factor(product, name);
    if (factor == null) {
      return part.withParts(each -> pulledOut(each, name, over));
    }
    require(
        !factor.free().contains(over),
        "cannot pull %s out of the sum over %s: the index %s occurs in it"
            .formatted(Notation.text(factor), over, over));
    List<Expr> rest = new ArrayList<>(product.of());
    rest.remove(factor);
    Expr left = new Expr.Summed(over, sum.where(), Expr.times(rest));
    boolean first = factor.equals(product.of().getFirst()) || factor.free().isEmpty();
    return first ? Expr.times(factor, left) : Expr.times(left, factor);
  }

  private static Expr factor(Expr.Factors product, String name) {
    return product.of().stream()
        .filter(each -> each instanceof Expr.Named named && named.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** Σ_a f Σ_i g = Σ_i Σ_a f g: takes all factors into the sum over i, and that sum outside. */
  public static Law reorder(NamedAxis outer, NamedAxis inner) {
    return law(
        "reorder the sums over %s and %s".formatted(outer, inner),
        "Σ_%s f Σ_%s g = Σ_%s Σ_%s f g".formatted(outer, inner, inner, outer),
        onFirst(
            part -> part instanceof Expr.Summed sum && sum.over() == outer && hasSum(sum, inner),
            part -> reordered((Expr.Summed) part, inner),
            "cannot reorder: no sum over %s has a sum over %s in it".formatted(outer, inner)));
  }

  private static boolean hasSum(Expr.Summed outer, NamedAxis inner) {
    return factors(outer.of()).stream()
        .anyMatch(each -> each instanceof Expr.Summed sum && sum.over() == inner);
  }

  static List<Expr> factors(Expr expression) {
    return expression instanceof Expr.Factors product ? product.of() : List.of(expression);
  }

  private static Expr reordered(Expr.Summed outer, NamedAxis inner) {
    List<Expr> rest = new ArrayList<>();
    Expr.Summed moved = null;
    for (Expr each : factors(outer.of())) {
      if (moved == null && each instanceof Expr.Summed sum && sum.over() == inner) {
        moved = sum;
      } else {
        rest.add(each);
      }
    }
    for (Expr each : rest) {
      require(
          !each.free().contains(inner),
          "cannot take %s into the sum over %s: it has an index %s of its own"
              .formatted(Notation.text(each), inner, inner));
    }
    for (Condition each : moved.where()) {
      require(
          each.other() != outer.over(),
          "cannot take the sum over %s out of that over %s: its condition %s depends on %s"
              .formatted(inner, outer.over(), each, outer.over()));
    }
    rest.add(moved.of());
    return new Expr.Summed(
        inner, moved.where(), new Expr.Summed(outer.over(), outer.where(), Expr.times(rest)));
  }

  /** a Σ_i f_i = Σ_i a f_i, in a product that has both. */
  public static Law takeIn(String factor, NamedAxis over) {
    return law(
        "take %s into the sum over %s".formatted(factor, over),
        "a Σ f = Σ a f, if the index is not in a",
        onFirst(
            part ->
                part instanceof Expr.Factors product
                    && factor(product, factor) != null
                    && sumOver(product, over) != null,
            part -> {
              Expr.Factors product = (Expr.Factors) part;
              Expr taken = factor(product, factor);
              Expr.Summed sum = sumOver(product, over);
              require(
                  !taken.free().contains(over),
                  "cannot take %s into the sum over %s: it has an index %s of its own"
                      .formatted(Notation.text(taken), over, over));
              Expr inside = new Expr.Summed(over, sum.where(), Expr.times(sum.of(), taken));
              List<Expr> rest = new ArrayList<>(product.of());
              rest.remove(taken);
              rest.set(rest.indexOf(sum), inside);
              return Expr.times(rest);
            },
            "cannot take %s into a sum over %s: no product has both".formatted(factor, over)));
  }

  private static Expr.Summed sumOver(Expr.Factors product, NamedAxis over) {
    for (Expr each : product.of()) {
      if (each instanceof Expr.Summed sum && sum.over() == over) {
        return sum;
      }
    }
    return null;
  }

  /** a b - a c = a (b - c) and Σ b - Σ c = Σ (b - c): undoes {@link #distribute}. */
  public static Law collect(String factor, NamedAxis over) {
    return law(
        "collect the terms with Σ_%s %s".formatted(over, factor),
        "Σ a b − Σ a c = Σ a (b − c)",
        expression -> {
          List<Expr.Signed> rests = new ArrayList<>();
          List<Expr.Signed> others = new ArrayList<>();
          Opened first = null;
          for (Expr.Signed term : terms(expression)) {
            Opened opened = Opened.of(term.of(), factor, over);
            if (opened == null || (first != null && !opened.fits(first))) {
              others.add(term);
            } else {
              first = first == null ? opened : first;
              rests.add(new Expr.Signed(term.sign(), opened.rest));
            }
          }
          require(
              rests.size() > 1,
              "cannot collect: fewer than two terms have the factor %s in a sum over %s"
                  .formatted(factor, over));
          List<Expr> collected = new ArrayList<>(first.outside);
          collected.add(Expr.sum(over, Expr.times(first.shared, Expr.total(rests))));
          others.addFirst(new Expr.Signed(1, Expr.times(collected)));
          return Expr.total(others);
        });
  }

  private static List<Expr.Signed> terms(Expr expression) {
    return expression instanceof Expr.Total total
        ? total.terms()
        : List.of(new Expr.Signed(1, expression));
  }

  /** A term that is the product of {@code outside} and a sum of {@code shared} {@code rest}. */
  private record Opened(List<Expr> outside, Expr shared, Expr rest) {
    /** Opens a term; null if it does not end in a sum over this index that has the factor. */
    static Opened of(Expr term, String name, NamedAxis over) {
      List<Expr> factors = factors(term);
      Expr.Summed sum = factors.getLast() instanceof Expr.Summed last ? last : null;
      if (sum == null
          || sum.over() != over
          || !sum.where().isEmpty()
          || !(sum.of() instanceof Expr.Factors product)) {
        return null;
      }
      Expr shared = factor(product, name);
      List<Expr> rest = new ArrayList<>(product.of());
      return rest.remove(shared)
          ? new Opened(factors.subList(0, factors.size() - 1), shared, Expr.times(rest))
          : null;
    }

    boolean fits(Opened other) {
      return outside.equals(other.outside) && shared.equals(other.shared);
    }
  }

  /** Computes a part once, under a name. Its axes are those that are not summed in it. */
  public static Law name(Expr part, String name) {
    Expr.Named target = new Expr.Named(name, part.free().stream().map(Subscript::of).toList());
    return new Law(
        "name %s = %s".formatted(Notation.text(target), Notation.text(part)),
        "a part that stands alone can be computed first",
        form -> {
          require(
              form.definition(name).isEmpty() && !form.inputs().containsKey(name),
              "cannot name a part %s: there is a tensor of this name".formatted(name));
          Expr value = form.value().everywhere(each -> replaced(each, part, target));
          require(
              !value.equals(form.value()),
              "cannot name %s: the right side has no such part".formatted(Notation.text(part)));
          Kind kind =
              part instanceof Expr.Named named && named.isView() ? Kind.VIEW : Kind.COMPUTED;
          return form.withValue(value).with(new Definition(target, part, kind));
        });
  }

  /** The target in the place of the part; of a product, in the place of some of its factors. */
  private static Expr replaced(Expr each, Expr part, Expr target) {
    if (each.equals(part)) {
      return target;
    }
    if (!(each instanceof Expr.Factors all && part instanceof Expr.Factors some)
        || !all.of().containsAll(some.of())) {
      return each;
    }
    List<Expr> factors = new ArrayList<>(all.of());
    int first = factors.indexOf(some.of().getFirst());
    factors.set(first, target);
    some.of().stream().skip(1).forEach(factors::remove);
    return Expr.times(factors);
  }

  /** Puts what a name stands for in its place. */
  public static Law substitute(String name) {
    return new Law(
        "put in what %s is".formatted(name),
        "equals can stand for equals",
        form -> {
          Definition definition = form.definition(name).orElse(null);
          require(
              definition != null, "cannot put in what %s is: it has no definition".formatted(name));
          Expr value =
              form.value()
                  .everywhere(each -> each.equals(definition.target()) ? definition.value() : each);
          Equation substituted = form.without(definition).withValue(value);
          Expr.Named left = substituted.inputs().get(name);
          require(
              left == null,
              "cannot put in what %s is: it is also used with other indices than %s"
                  .formatted(name, Notation.text(definition.target())));
          return substituted;
        });
  }

  static Law law(String name, String formula, Function<Expr, Expr> change) {
    return new Law(name, formula, form -> form.withValue(change.apply(form.value())));
  }

  /** Changes the first part that fits, from the outside in. */
  static Function<Expr, Expr> onFirst(
      Predicate<Expr> fits, Function<Expr, Expr> change, String refusal) {
    return expression -> {
      boolean[] done = {false};
      Expr changed = first(expression, fits, change, done);
      require(done[0], refusal);
      return changed;
    };
  }

  private static Expr first(
      Expr part, Predicate<Expr> fits, Function<Expr, Expr> change, boolean[] done) {
    if (!done[0] && fits.test(part)) {
      done[0] = true;
      return change.apply(part);
    }
    return done[0] ? part : part.withParts(each -> first(each, fits, change, done));
  }

  static void require(boolean holds, String refusal) {
    if (!holds) {
      throw new IllegalArgumentException(refusal);
    }
  }
}
