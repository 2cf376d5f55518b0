package org.fasthebb.tools.derive.algebra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fasthebb.tools.derive.algebra.Operand.Cut;

/** A plan as Java: one engine call a line, with the shape of what it makes. */
public final class Code {
  private final List<String> lines = new ArrayList<>();

  /** The slices of the loop that is open, by their names, as they are first used. */
  private final Map<String, String> slices = new LinkedHashMap<>();

  private Code() {}

  /** The lines; what stands behind {@code //} is a shape. */
  public static List<String> lines(CallChain plan) {
    Code code = new Code();
    plan.steps().forEach(step -> code.add(step, null, ""));
    return code.lines;
  }

  private void add(EngineCall step, NamedAxis loop, String indent) {
    switch (step) {
      case EngineCall.Contracted it ->
          assign(
              it.out(),
              "contract(\"%s\", %s, %s)".formatted(it.spec(), code(it.a()), code(it.b())),
              indent);
      case EngineCall.Multiplied it ->
          assign(
              it.out(),
              aligned(it.a(), it.out()) + ".times(" + aligned(it.b(), it.out()) + ")",
              indent);
      case EngineCall.Combined it ->
          assign(
              it.out(),
              aligned(it.a(), it.out())
                  + (it.sign() > 0 ? ".plus(" : ".minus(")
                  + aligned(it.b(), it.out())
                  + ")",
              indent);
      case EngineCall.Scaled it ->
          assign(it.out(), code(it.a()) + ".times(" + numbers(it.numbers()) + ")", indent);
      case EngineCall.Reduced it -> assign(it.out(), code(it.a()) + reduction(it), indent);
      case EngineCall.Viewed it -> {
        String shifts =
            it.a().subscripts().stream()
                .filter(Subscript::isShifted)
                .map(each -> each.shift().toString())
                .collect(Collectors.joining(", "));
        assign(it.out(), Planner.code(it.a().name()) + ".patches(" + shifts + ")", indent);
      }
      case EngineCall.Started it ->
          assign(
              it.out(),
              it.a() == null ? "cpu.zeros(" + dimensions(it.out()) + ")" : code(it.a()) + ".copy()",
              indent);
      case EngineCall.Added it ->
          lines.add(indent + it.out().name() + ".addAssign(" + code(it.a()) + ");");
      case EngineCall.Stored it -> {
        String place =
            loop == NamedAxis.G ? ".slice(0, g, g + 1)" : slice(it.out(), NamedAxis.N, Cut.PART);
        lines.add(indent + it.out().name() + place + ".assign(" + code(it.a()) + ");");
      }
      case EngineCall.Loop it -> {
        lines.add(indent + "for each of the " + it.over().counts() + ", from .. to-1 {");
        int start = lines.size();
        it.body().forEach(each -> add(each, it.over(), indent + "  "));
        List<String> sliced = new ArrayList<>();
        slices.forEach((name, slice) -> sliced.add(indent + "  " + name + " = " + slice + ";"));
        lines.addAll(start, sliced);
        slices.clear();
        lines.add(indent + "}");
      }
    }
  }

  private void assign(Operand out, String value, String indent) {
    String shape =
        out.axes().stream().map(axis -> size(out, axis)).collect(Collectors.joining(" × "));
    lines.add(indent + out.name() + " = " + value + "; // " + shape);
  }

  private static String size(Operand operand, NamedAxis axis) {
    return operand.cuts().get(axis) == Cut.PART && !operand.whole()
        ? axis == NamedAxis.B ? "B/G" : "K"
        : axis.size();
  }

  private static String numbers(List<String> numbers) {
    return numbers.stream()
        .map(each -> each.equals("η") ? "eta" : each)
        .collect(Collectors.joining(" * "))
        .replace(" * 1/B", " / b")
        .replace("1/B", "1f / b");
  }

  private String code(Operand operand) {
    if (!operand.whole() || operand.cuts().isEmpty()) {
      return operand.name();
    }
    StringBuilder slice = new StringBuilder(operand.name());
    StringBuilder name = new StringBuilder(operand.name());
    operand
        .cuts()
        .forEach((axis, cut) -> {
          slice.append(slice(operand, axis, cut));
          name.append(cut == Cut.PART ? "" : "0");
        });
    name.append('_').append(operand.cuts().containsKey(NamedAxis.B) ? "g" : "k");
    slices.put(name.toString(), slice.toString());
    return name.toString();
  }

  private static String slice(Operand operand, NamedAxis axis, Cut cut) {
    String range = cut == Cut.PART ? "from, to" : "0, from";
    return ".slice(" + operand.axes().indexOf(axis) + ", " + range + ")";
  }

  private String aligned(Operand operand, Operand result) {
    int skipped = result.axes().size() - operand.axes().size();
    if (result.axes().subList(skipped, result.axes().size()).equals(operand.axes())) {
      return code(operand); // an axis that is missing in front stretches without a word
    }
    return code(operand)
        + ".reshape("
        + result.axes().stream()
            .map(axis -> operand.axes().contains(axis) ? axis.toString() : "1")
            .collect(Collectors.joining(", "))
        + ")";
  }

  private static String reduction(EngineCall.Reduced step) {
    List<NamedAxis> axes = step.a().axes();
    return ".sum("
        + axes.stream()
            .filter(axis -> !step.out().axes().contains(axis))
            .map(axis -> Integer.toString(axes.indexOf(axis)))
            .collect(Collectors.joining(", "))
        + ").reshape("
        + dimensions(step.out())
        + ")";
  }

  private static String dimensions(Operand operand) {
    return operand.axes().stream().map(NamedAxis::toString).collect(Collectors.joining(", "));
  }
}
