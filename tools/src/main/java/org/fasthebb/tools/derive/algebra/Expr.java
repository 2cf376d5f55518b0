package org.fasthebb.tools.derive.algebra;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * An expression over indices: tensors by name, products, sums over an axis, and signed totals.
 * Softmax and maximum are no part of it: R and Y are tensors by name, whatever they come from.
 */
public sealed interface Expr {
  /** A tensor by name, such as X_bs; without subscripts a number, such as η. */
  record Named(String name, List<Subscript> subscripts) implements Expr {
    public boolean isNumber() {
      return subscripts.isEmpty();
    }

    public boolean isView() {
      return subscripts.stream().anyMatch(Subscript::isShifted);
    }

    public List<NamedAxis> axes() {
      return subscripts.stream().map(Subscript::axis).toList();
    }
  }

  /** The product of factors. */
  record Factors(List<Expr> of) implements Expr {}

  /** The sum of {@code of} over the values of an index that all conditions allow. */
  record Summed(NamedAxis over, List<Condition> where, Expr of) implements Expr {}

  /** A sum of terms with signs. */
  record Total(List<Signed> terms) implements Expr {}

  /** A term of a total, plus or minus. */
  record Signed(int sign, Expr of) {}

  /** A tensor by name: {@code named("X", "bs")}. */
  static Named named(String name, String letters) {
    return new Named(
        name, letters.chars().mapToObj(letter -> Subscript.of(NamedAxis.of(letter))).toList());
  }

  /** A product, flat; of one factor, that factor. */
  static Expr times(List<Expr> factors) {
    List<Expr> flat = new ArrayList<>();
    for (Expr factor : factors) {
      if (factor instanceof Factors inner) {
        flat.addAll(inner.of);
      } else {
        flat.add(factor);
      }
    }
    return flat.size() == 1 ? flat.getFirst() : new Factors(List.copyOf(flat));
  }

  static Expr times(Expr... factors) {
    return times(Arrays.asList(factors));
  }

  /** A total, flat; of one term that is added, that term. */
  static Expr total(List<Signed> terms) {
    List<Signed> flat = new ArrayList<>();
    for (Signed term : terms) {
      if (term.of instanceof Total inner) {
        inner.terms.forEach(each -> flat.add(new Signed(term.sign * each.sign, each.of)));
      } else {
        flat.add(term);
      }
    }
    return flat.size() == 1 && flat.getFirst().sign > 0
        ? flat.getFirst().of
        : new Total(List.copyOf(flat));
  }

  static Expr minus(Expr a, Expr b) {
    return total(List.of(new Signed(1, a), new Signed(-1, b)));
  }

  static Expr plus(Expr a, Expr b) {
    return total(List.of(new Signed(1, a), new Signed(1, b)));
  }

  /** The sum of an expression over all values of an index. */
  static Expr sum(NamedAxis over, Expr of) {
    return new Summed(over, List.of(), of);
  }

  /** The sum of an expression over the values of an index that a condition allows. */
  static Expr sum(Condition where, Expr of) {
    return new Summed(where.axis(), List.of(where), of);
  }

  /** The indices that the value depends on: all but those that are summed. */
  default Set<NamedAxis> free() {
    Set<NamedAxis> free = EnumSet.noneOf(NamedAxis.class);
    switch (this) {
      case Named named -> {
        for (Subscript each : named.subscripts) {
          free.add(each.axis());
          if (each.isShifted()) {
            free.add(each.shift());
          }
        }
      }
      case Factors product -> product.of.forEach(each -> free.addAll(each.free()));
      case Total total -> total.terms.forEach(each -> free.addAll(each.of.free()));
      case Summed sum -> {
        free.addAll(sum.of.free());
        sum.where.forEach(each -> free.add(each.other()));
        free.remove(sum.over);
      }
    }
    return free;
  }

  /** This with {@code change} applied to each direct part. */
  default Expr withParts(UnaryOperator<Expr> change) {
    return switch (this) {
      case Named named -> named;
      case Factors product -> times(product.of.stream().map(change).toList());
      case Total total ->
          total(
              total.terms.stream()
                  .map(each -> new Signed(each.sign, change.apply(each.of)))
                  .toList());
      case Summed sum -> new Summed(sum.over, sum.where, change.apply(sum.of));
    };
  }

  /** This with {@code change} applied to every part, from the outside in. */
  default Expr everywhere(UnaryOperator<Expr> change) {
    return change.apply(this).withParts(part -> part.everywhere(change));
  }
}
