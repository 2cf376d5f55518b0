package org.fasthebb.tools.derive.algebra;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Equations as text, in the paper's notation: {@code ΔW_ns = η Σ_b CR_bn X_bs − η Q_n W_ns}. */
public final class Notation {
  private Notation() {}

  /** An expression on one line. */
  public static String text(Expr expression) {
    return switch (expression) {
      case Expr.Named named -> name(named);
      case Expr.Factors product ->
          product.of().stream()
              .map(each -> inProduct(each, each.equals(product.of().getLast())))
              .collect(Collectors.joining(" "));
      case Expr.Summed sum -> sign(sum) + " " + inProduct(sum.of(), true);
      case Expr.Total total -> {
        StringBuilder text = new StringBuilder();
        for (Expr.Signed term : total.terms()) {
          text.append(text.isEmpty() ? first(term.sign()) : term.sign() < 0 ? " − " : " + ");
          text.append(text(term.of()));
        }
        yield text.toString();
      }
    };
  }

  private static String first(int sign) {
    return sign < 0 ? "−" : "";
  }

  /** Totals stand in brackets, and so do sums that something follows. */
  private static String inProduct(Expr part, boolean last) {
    return part instanceof Expr.Total || (part instanceof Expr.Summed && !last)
        ? "(" + text(part) + ")"
        : text(part);
  }

  private static String sign(Expr.Summed sum) {
    if (sum.where().isEmpty()) {
      return "Σ_" + sum.over();
    }
    String where = sum.where().stream().map(Condition::toString).collect(Collectors.joining(","));
    return "Σ_{" + where + "}";
  }

  private static String name(Expr.Named named) {
    if (named.isNumber()) {
      return named.name();
    }
    return named.name()
        + "_"
        + named.subscripts().stream()
            .map(Subscript::toString)
            .collect(Collectors.joining(named.isView() ? "," : ""));
  }

  /** The equation's lines: its definitions, then itself. */
  public static List<String> lines(Equation form) {
    List<String> lines = new ArrayList<>();
    for (Definition each : form.definitions()) {
      lines.addAll(lines(each));
    }
    lines.add(text(form.target()) + " = " + text(form.value()));
    return lines;
  }

  private static List<String> lines(Definition definition) {
    String target = text(definition.target());
    if (definition.kind() != Definition.Kind.RUNNING) {
      return List.of(target + " = " + text(definition.value()));
    }
    Recurrence recurrence = Recurrence.of(definition);
    String letters = target.substring(target.indexOf('_') + 1);
    String name = definition.target().name();
    return List.of(
        name + "_" + letters.replace("k", "0") + " = " + text(recurrence.start()),
        name + "_" + letters.replace("k", "(k+1)") + " = " + target + change(recurrence.update()));
  }

  /** A change as it follows what it changes: " − Σ...". */
  private static String change(Expr update) {
    String text = text(update);
    return text.startsWith("−") ? " − " + text.substring(1) : " + " + text;
  }

  /** An equation broken into lines of at most {@code width} characters, between terms or words. */
  public static List<String> wrap(String line, int width) {
    List<String> lines = new ArrayList<>();
    int indent = Math.max(2, line.indexOf(" = ") + 1);
    String rest = line;
    while (rest.length() > width) {
      int cut = cut(rest, width, lines.isEmpty() ? indent + 2 : indent);
      lines.add(rest.substring(0, cut));
      rest = " ".repeat(indent) + rest.substring(cut + 1);
    }
    lines.add(rest);
    return lines;
  }

  private static int cut(String line, int width, int after) {
    int term = Math.max(line.lastIndexOf(" − ", width), line.lastIndexOf(" + ", width));
    if (term > after) {
      return term;
    }
    int word = line.lastIndexOf(' ', width);
    return word > after ? word : width;
  }

  /** The same text in ASCII, for terminals that have no other letters. */
  public static String ascii(String text) {
    return text.replace("Σ", "sum")
        .replace("η", "eta")
        .replace("Δ", "d")
        .replace("−", "-")
        .replace("≤", "<=")
        .replace("∈", " in ")
        .replace("×", "x")
        .replace("─", "-")
        .replace("█", "#")
        .replace("³", "^3")
        .replace("→", "->")
        .replace("·", ".")
        .replace("²", "^2")
        .replace("½", "0.5 ");
  }
}
