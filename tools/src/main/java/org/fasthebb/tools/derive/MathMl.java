package org.fasthebb.tools.derive;

import java.util.List;
import org.fasthebb.tools.derive.algebra.Condition;
import org.fasthebb.tools.derive.algebra.Definition;
import org.fasthebb.tools.derive.algebra.Equation;
import org.fasthebb.tools.derive.algebra.Expr;
import org.fasthebb.tools.derive.algebra.NamedAxis;
import org.fasthebb.tools.derive.algebra.Recurrence;
import org.fasthebb.tools.derive.algebra.Subscript;
import org.fasthebb.tools.report.Html;

/** Writes equations as MathML, with the letter of each axis in its colour. */
final class MathMl {
  private final Html html;

  MathMl(Html html) {
    this.html = html;
  }

  /** An equation with its definitions, aligned at their signs; each term of a total is a line. */
  void equation(Equation form) {
    html.open("div", "class", "scroll");
    html.open("math", "display", "block").open("mtable", "displaystyle", "true");
    for (Definition each : form.definitions()) {
      if (each.kind() == Definition.Kind.RUNNING) {
        Recurrence recurrence = Recurrence.of(each);
        line(() -> carried(each.target(), "0"), recurrence.start());
        Expr next =
            Expr.total(
                List.of(
                    new Expr.Signed(1, each.target()), new Expr.Signed(1, recurrence.update())));
        line(() -> carried(each.target(), "+1"), next);
      } else {
        line(() -> expression(each.target()), each.value());
      }
    }
    line(() -> expression(form.target()), form.value());
    html.close().close().close();
  }

  private void line(Runnable left, Expr right) {
    if (!(right instanceof Expr.Total total) || isShort(total)) {
      row(left, "=", right);
      return;
    }
    for (int i = 0; i < total.terms().size(); i++) {
      Expr.Signed term = total.terms().get(i);
      boolean first = i == 0 && term.sign() > 0;
      row(i == 0 ? left : () -> {}, first ? "=" : term.sign() < 0 ? "−" : "+", term.of());
    }
  }

  /** Whether a total has no sums in it and fits on one line, such as X - W. */
  private static boolean isShort(Expr.Total total) {
    return total.terms().stream().allMatch(each -> each.of() instanceof Expr.Named);
  }

  private void row(Runnable left, String sign, Expr right) {
    html.open("mtr").open("mtd");
    left.run();
    html.close().open("mtd");
    operator(sign);
    html.close().open("mtd");
    expression(right);
    html.close().close();
  }

  /** The name of what is carried over blocks, for the first block or the next. */
  private void carried(Expr.Named named, String block) {
    html.open("msub");
    letters(named.name());
    html.open("mrow");
    for (Subscript each : named.subscripts()) {
      if (each.axis() != NamedAxis.K) {
        index(each.axis());
      } else if (block.equals("0")) {
        html.element("mn", "0");
      } else {
        operator("(");
        index(NamedAxis.K);
        operator("+");
        html.element("mn", "1");
        operator(")");
      }
    }
    html.close().close();
  }

  private void expression(Expr expression) {
    switch (expression) {
      case Expr.Named named -> name(named);
      case Expr.Factors product -> {
        html.open("mrow");
        Expr last = product.of().getLast();
        product.of().forEach(each -> factor(each, each.equals(last)));
        html.close();
      }
      case Expr.Summed sum -> {
        html.open("mrow").open("munder");
        operator("∑");
        html.open("mrow");
        conditions(sum);
        html.close().close();
        factor(sum.of(), true);
        html.close();
      }
      case Expr.Total total -> {
        html.open("mrow");
        for (int i = 0; i < total.terms().size(); i++) {
          Expr.Signed term = total.terms().get(i);
          if (i > 0 || term.sign() < 0) {
            operator(term.sign() < 0 ? "−" : "+");
          }
          expression(term.of());
        }
        html.close();
      }
    }
  }

  private void conditions(Expr.Summed sum) {
    if (sum.where().isEmpty()) {
      index(sum.over());
    }
    for (Condition each : sum.where()) {
      if (!each.equals(sum.where().getFirst())) {
        operator(",");
      }
      index(each.axis());
      operator(each.relation().sign());
      index(each.other());
    }
  }

  private void factor(Expr part, boolean last) {
    boolean brackets = part instanceof Expr.Total || (part instanceof Expr.Summed && !last);
    if (brackets) {
      html.open("mrow");
      operator("(");
      expression(part);
      operator(")");
      html.close();
    } else {
      expression(part);
    }
  }

  private void name(Expr.Named named) {
    if (named.name().equals("1/B")) {
      html.open("mfrac").element("mn", "1").element("mi", "B").close();
      return;
    }
    if (named.subscripts().isEmpty()) {
      letters(named.name());
      return;
    }
    html.open("msub");
    letters(named.name());
    html.open("mrow");
    boolean shifted = named.subscripts().stream().anyMatch(Subscript::isShifted);
    for (Subscript each : named.subscripts()) {
      if (shifted && !each.equals(named.subscripts().getFirst())) {
        operator(",");
      }
      index(each.axis());
      if (each.isShifted()) {
        operator(each.sign() > 0 ? "+" : "−");
        index(each.shift());
      }
    }
    html.close().close();
  }

  private void letters(String name) {
    html.open("mrow");
    name.chars().forEach(letter -> html.element("mi", Character.toString(letter)));
    html.close();
  }

  private void index(NamedAxis axis) {
    html.element("mi", axis.toString(), "class", colour(axis));
  }

  private void operator(String sign) {
    html.element("mo", sign);
  }

  /** The class of an axis in the style sheet; both axes of neurons look the same. */
  static String colour(NamedAxis axis) {
    return switch (axis) {
      case B, D -> "axis-b";
      case N, M -> "axis-n";
      case S, T -> "axis-s";
      case G, K -> "axis-part";
      default -> "axis-image";
    };
  }
}
