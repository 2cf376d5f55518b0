package org.fasthebb.tools.derive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.derive.TensorPicture.Box;
import org.fasthebb.tools.derive.algebra.CallChain;
import org.fasthebb.tools.derive.algebra.Code;
import org.fasthebb.tools.derive.algebra.Cost;
import org.fasthebb.tools.derive.algebra.Definition;
import org.fasthebb.tools.derive.algebra.EngineCall;
import org.fasthebb.tools.derive.algebra.Equation;
import org.fasthebb.tools.derive.algebra.Expr;
import org.fasthebb.tools.derive.algebra.NamedAxis;
import org.fasthebb.tools.derive.algebra.Operand;
import org.fasthebb.tools.report.Html;

/** A derivation as a web page that needs no other file. */
final class Page {
  private static final Pattern SPECIFICATION = Pattern.compile("\"[a-z]+,[a-z]+->[a-z]+\"");

  /** Names in formulas that have an index behind them: Σ_b, CR_bn, Σ_{m&lt;k}. */
  private static final Pattern INDEXED = Pattern.compile("_(\\{[^}]*}|[a-z][a-z,+−]*)");

  private final Html html;
  private final MathMl maths;

  private Page(String title) {
    html = Html.openPage(title, PageStyle.CSS);
    maths = new MathMl(html);
  }

  /** The page; the steps of each chain in order. */
  static String of(Derivations which, LayerSize size, Map<Derivation, List<Shown>> chains) {
    Page page = new Page(which.title());
    page.html.element("h1", which.title());
    page.html.open("p", "class", "lead");
    page.indexed(which.idea());
    page.html.close();
    page.sizes(size);
    chains.forEach(page::chain);
    page.html.element(
        "p",
        Text.format(
            "Every equation was computed twice from random numbers at small shapes: as it is"
                + " written, in float64, where it differs from the one before it by less than %.0e"
                + " of its largest element, and by the engine calls beside it, in float32, within"
                + " %.0e. Multiplications and memory are those of the calls; inputs are not"
                + " counted.",
            Checked.TOLERANCE, Checked.ENGINE_TOLERANCE),
        "class",
        "note");
    return page.html.closePage().toString();
  }

  private void sizes(LayerSize size) {
    html.open("dl", "class", "figures");
    figure("layer", size.name(), "");
    for (NamedAxis axis : List.of(NamedAxis.B, NamedAxis.N, NamedAxis.S)) {
      html.open("div").open("dt").element("span", axis.size(), "class", MathMl.colour(axis));
      html.text(axis.counts()).close();
      html.element("dd", Text.count(size.sizes().size(axis))).close();
    }
    html.close();
  }

  private void figure(String name, String value, String kind) {
    html.open("div", "class", "layer" + kind).element("dt", name).element("dd", value).close();
  }

  private void chain(Derivation chain, List<Shown> steps) {
    html.element("h2", chain.title());
    List<Box> inputs = new ArrayList<>();
    chain.start().inputs().values().forEach(each -> inputs.add(new Box(each.name(), own(each))));
    inputs.removeIf(box -> box.axes().isEmpty() || !box.canBeDrawn());
    if (!inputs.isEmpty()) {
      html.element("p", "What goes in:", "class", "note");
      TensorPicture.draw(html, inputs);
    }
    long most = steps.stream().mapToLong(each -> each.cost().multiplicationCount()).max().orElse(1);
    long largest = steps.stream().mapToLong(each -> each.cost().peakBytes()).max().orElse(1);
    for (int i = 0; i < steps.size(); i++) {
      step(i, steps.get(i), most, largest);
    }
  }

  /** The axes of a tensor by the letter n for neurons, whether it is met as W_ns or as W_ms. */
  private static List<NamedAxis> own(Expr.Named tensor) {
    return tensor.axes().contains(NamedAxis.N)
        ? tensor.axes()
        : tensor.axes().stream().map(axis -> axis == NamedAxis.M ? NamedAxis.N : axis).toList();
  }

  private void step(int number, Shown shown, long most, long largest) {
    Checked checked = shown.checked();
    html.open("section", "class", "step");
    html.open("h3");
    if (checked.move() == null) {
      html.text("The equation to start from");
    } else {
      html.text(number + ". ");
      indexed(checked.move().law().name());
    }
    html.element("span", checked.label(), "class", "equation").close();
    if (checked.move() != null) {
      html.open("p", "class", "law").text("Law: ");
      indexed(checked.move().law().formula());
      html.close();
      html.open("div", "class", "before", "role", "group", "aria-label", "before");
      changed(checked.before(), checked.form());
      html.close();
    }
    changed(checked.form(), checked.before());
    if (checked.move() != null) {
      html.open("p");
      indexed(checked.move().note());
      html.close();
    }
    html.open("pre");
    code(checked.plan());
    html.close();
    TensorPicture.draw(html, made(checked.plan()));
    costs(shown, most, largest);
    html.close();
  }

  /** The lines of an equation; definitions that the other equation has too are left out. */
  private void changed(Equation form, Equation other) {
    List<Definition> own =
        form.definitions().stream()
            .filter(each -> other == null || !other.definitions().contains(each))
            .toList();
    maths.equation(new Equation(own, form.target(), form.value()));
  }

  /** Text in which indices are lowered and coloured. */
  private void indexed(String text) {
    Matcher matcher = INDEXED.matcher(text);
    int from = 0;
    while (matcher.find()) {
      html.text(text.substring(from, matcher.start()));
      html.open("sub");
      letters(matcher.group(1).replaceAll("[{}]", ""));
      html.close();
      from = matcher.end();
    }
    html.text(text.substring(from));
  }

  private void code(CallChain plan) {
    boolean first = true;
    for (String line : Code.lines(plan)) {
      html.text(first ? "" : "\n");
      first = false;
      int comment = line.indexOf(" // ");
      String call = comment < 0 ? line : line.substring(0, comment);
      Matcher matcher = SPECIFICATION.matcher(call);
      int from = 0;
      while (matcher.find()) {
        html.text(call.substring(from, matcher.start()));
        letters(matcher.group());
        from = matcher.end();
      }
      html.text(call.substring(from));
      if (comment >= 0) {
        html.raw("<span class=\"shape\">").text(line.substring(comment)).raw("</span>");
      }
    }
  }

  /** Letters, each that is an axis in its colour. */
  private void letters(String text) {
    for (int i = 0; i < text.length(); i++) {
      String letter = text.substring(i, i + 1);
      if (Character.isLowerCase(letter.charAt(0)) && "gupqyxbdknmijtcs".contains(letter)) {
        String colour = MathMl.colour(NamedAxis.of(letter.charAt(0)));
        html.raw("<span class=\"" + colour + "\">" + letter + "</span>");
      } else {
        html.text(letter);
      }
    }
  }

  /** The tensors that a plan makes, one of each shape. */
  private static List<Box> made(CallChain plan) {
    Map<List<NamedAxis>, Box> boxes = new LinkedHashMap<>();
    collect(plan.steps(), boxes);
    List<Box> drawn = new ArrayList<>(boxes.values());
    drawn.removeIf(box -> !box.canBeDrawn());
    return drawn;
  }

  private static void collect(List<EngineCall> steps, Map<List<NamedAxis>, Box> boxes) {
    for (EngineCall step : steps) {
      Operand out =
          switch (step) {
            case EngineCall.Contracted it -> it.out();
            case EngineCall.Multiplied it -> it.out();
            case EngineCall.Combined it -> it.out();
            case EngineCall.Scaled it -> it.out();
            case EngineCall.Reduced it -> it.out();
            case EngineCall.Started it -> it.out();
            case EngineCall.Viewed _, EngineCall.Added _, EngineCall.Stored _ -> null;
            case EngineCall.Loop it -> {
              collect(it.body(), boxes);
              yield null;
            }
          };
      if (out != null && !out.axes().isEmpty()) {
        boxes.putIfAbsent(out.axes(), new Box(out.name(), out.axes()));
      }
    }
  }

  private void costs(Shown shown, long most, long largest) {
    Cost cost = shown.cost();
    html.open("dl", "class", "costs");
    bar(
        "multiplications",
        cost.multiplications() + " = " + Magnitude.of(cost.multiplicationCount()),
        cost.multiplicationCount(),
        most);
    bar(
        "memory at the peak",
        cost.peak()
            + " bytes = "
            + Magnitude.bytes(cost.peakBytes())
            + "; the largest tensor is "
            + cost.largest(),
        cost.peakBytes(),
        largest);
    if (shown.time() != null) {
      html.element("dt", "time").element("dd", shown.time());
    }
    Checked checked = shown.checked();
    html.element("dt", "equal");
    html.element("dd", checked.isOk() ? "ok" : "FAILED", "class", checked.isOk() ? "" : "failed");
    html.close();
  }

  private void bar(String name, String value, long part, long most) {
    double percent = Math.max(0.5, 100.0 * part / Math.max(1, most));
    html.element("dt", name).open("dd").text(value);
    html.open("span", "class", "bar", "aria-hidden", "true");
    html.open("span", "style", Text.format("width: %.1f%%", percent)).close().close().close();
  }

  /**
   * An equation with what it costs at a size.
   *
   * @param checked the equation
   * @param cost at the size
   * @param time at the size, in words; null if it was not measured
   */
  record Shown(Checked checked, Cost cost, String time) {}
}
