package org.fasthebb.tools.derive;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.derive.Page.Shown;
import org.fasthebb.tools.derive.algebra.Code;
import org.fasthebb.tools.derive.algebra.Cost;
import org.fasthebb.tools.derive.algebra.Equation;
import org.fasthebb.tools.derive.algebra.Notation;

/** A derivation as text for a terminal of 80 columns. */
final class Printout {
  private static final int WIDTH = 78;
  private static final String MARGIN = "   ";

  /** Letters of a bar. */
  private static final int BAR = 10;

  private final List<String> lines = new ArrayList<>();

  /** The title, what it is about, and the sizes. */
  void head(Derivations which, LayerSize size) {
    lines.add(which.title());
    lines.add("─".repeat(which.title().length()));
    paragraph("", which.idea());
    lines.add("");
    paragraph("", size.describe(which.isCut()));
  }

  /** The title of a chain of equations. */
  void part(Derivation part) {
    lines.add("");
    String title = "── " + part.title() + " ";
    lines.add(title + "─".repeat(Math.max(0, WIDTH - title.length())));
  }

  /** An equation: the law that led to it, itself, its engine calls, costs and verdict. */
  void step(int number, Shown shown) {
    Checked checked = shown.checked();
    Cost cost = shown.cost();
    lines.add("");
    if (checked.move() == null) {
      lines.add(spread("0. start", checked.label()));
    } else {
      String name = number + ". " + checked.move().law().name();
      List<String> words = Notation.wrap(name, WIDTH - checked.label().length() - 2);
      lines.addAll(words.subList(0, words.size() - 1));
      lines.add(spread(words.getLast(), checked.label()));
      lines.add(MARGIN + "law     " + checked.move().law().formula());
      equation("before  ", checked.before());
    }
    equation(checked.move() == null ? "        " : "after   ", checked.form());
    if (checked.move() != null) {
      paragraph(MARGIN + "why     ", checked.move().note());
    }
    code(Code.lines(checked.plan()));
    fact(
        "multiplications",
        cost.multiplications() + " = " + Magnitude.of(cost.multiplicationCount()));
    fact("largest tensor", cost.largest() + " = " + Magnitude.of(cost.largestCount()));
    fact("peak memory", cost.peak() + " bytes = " + Magnitude.bytes(cost.peakBytes()));
    if (shown.time() != null) {
      fact("time", shown.time());
    }
    verdict(checked);
  }

  private void fact(String what, String value) {
    lines.add(MARGIN + Text.format("%-16s%s", what, value));
  }

  /** All equations of a chain, a line each, with multiplications and memory as bars. */
  void summary(List<Shown> steps) {
    long most = steps.stream().mapToLong(each -> each.cost().multiplicationCount()).max().orElse(1);
    long largest = steps.stream().mapToLong(each -> each.cost().peakBytes()).max().orElse(1);
    boolean timed = steps.getFirst().time() != null;
    lines.add("");
    line("", "", "multiplications", "peak memory", timed ? "time" : "");
    for (int i = 0; i < steps.size(); i++) {
      Shown each = steps.get(i);
      long multiplications = each.cost().multiplicationCount();
      long bytes = each.cost().peakBytes();
      line(
          Integer.toString(i),
          each.checked().label(),
          bar(multiplications, most) + " " + Magnitude.of(multiplications),
          bar(bytes, largest) + " " + Magnitude.bytes(bytes),
          !timed ? "" : each.time().startsWith("not run") ? "not run" : each.time());
    }
  }

  private void line(String number, String label, String work, String memory, String time) {
    String line = Text.format("%2s %-17s%-20s%-21s%s", number, label, work, memory, time);
    lines.add(line.stripTrailing());
  }

  /** A part of the most, rounded up, in a field of {@link #BAR} letters. */
  private static String bar(long part, long most) {
    int filled = (int) Math.clamp(Math.ceil(BAR * (double) part / most), 1, BAR);
    return "█".repeat(filled) + " ".repeat(BAR - filled);
  }

  private void equation(String word, Equation form) {
    String first = word;
    for (String line : Notation.lines(form)) {
      for (String part : Notation.wrap(line, WIDTH - MARGIN.length() - word.length())) {
        lines.add(MARGIN + first + part);
        first = " ".repeat(word.length());
      }
    }
  }

  /** Code, with the shapes in a column of their own. */
  private void code(List<String> code) {
    int column = 0;
    for (String line : code) {
      int comment = line.indexOf(" // ");
      column = Math.max(column, comment < 0 ? 0 : comment);
    }
    for (String line : code) {
      int comment = line.indexOf(" // ");
      String call = comment < 0 ? line : line.substring(0, comment);
      String shape = comment < 0 ? "" : line.substring(comment + 1);
      int gap = Math.min(column, WIDTH - MARGIN.length() - shape.length() - 3) - call.length();
      lines.add((MARGIN + "| " + call + " ".repeat(Math.max(1, gap + 1)) + shape).stripTrailing());
    }
  }

  private void verdict(Checked checked) {
    String engine =
        Double.isNaN(checked.engineDifference())
            ? ""
            : ", on the engine " + difference(checked.engineDifference());
    String difference =
        checked.move() == null
            ? "float64 is the measure" + engine
            : difference(checked.difference()) + " in float64" + engine;
    lines.add(
        spread(
            MARGIN + Text.format("%-16s%s", "difference", difference),
            checked.isOk() ? "ok" : "FAILED"));
  }

  static String difference(double value) {
    return value == 0 ? "0" : Text.format("%.0e", value);
  }

  private static String spread(String left, String right) {
    return (left + " ".repeat(Math.max(2, WIDTH - left.length() - right.length())) + right)
        .stripTrailing();
  }

  private void paragraph(String start, String text) {
    StringBuilder line = new StringBuilder(start);
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() >= WIDTH) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder(" ".repeat(start.length()));
      }
      line.append(word).append(' ');
    }
    lines.add(line.toString().stripTrailing());
  }

  /** A line at the end. */
  void tail(String text) {
    lines.add("");
    paragraph("", text);
  }

  /** Hands over the lines that came since the last time. */
  List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }
}
