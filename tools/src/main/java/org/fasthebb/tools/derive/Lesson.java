package org.fasthebb.tools.derive;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.tools.derive.Page.Shown;
import org.fasthebb.tools.derive.algebra.Cost;
import org.fasthebb.tools.derive.algebra.Notation;

/** A derivation from end to end: checks each equation, counts, measures and shows it. */
public final class Lesson {
  private final Derivations which;
  private final LayerSize size;
  private final Map<Derivation, List<Shown>> chains = new LinkedHashMap<>();

  /**
   * Works through a derivation.
   *
   * @param size at which costs are counted and times measured
   * @param timed whether to measure times, which takes most of the work
   * @param out receives the lines for a terminal, each equation's as soon as it is measured
   * @param letters what the terminal can show; without Greek letters, words stand for them
   */
  public Lesson(
      Derivations which,
      LayerSize size,
      Backend backend,
      boolean timed,
      Consumer<String> out,
      Charset letters) {
    this.which = which;
    this.size = size;
    boolean greek = letters.newEncoder().canEncode("ΔΣη≤∈×─█");
    Consumer<List<String>> show =
        lines -> lines.forEach(line -> out.accept(greek ? line : Notation.ascii(line)));
    Printout printout = new Printout();
    printout.head(which, size);
    for (Derivation part : which.parts()) {
      printout.part(part);
      List<Shown> steps = new ArrayList<>();
      chains.put(part, steps);
      for (Checked each : Checked.check(part, backend)) {
        String time =
            timed ? Timing.measure(each.form(), each.plan(), size.sizes(), backend) : null;
        Shown shown = new Shown(each, Cost.of(each.plan(), size.sizes()), time);
        printout.step(steps.size(), shown);
        steps.add(shown);
        show.accept(printout.take());
      }
      printout.summary(steps);
    }
    int all = chains.values().stream().mapToInt(List::size).sum();
    printout.tail(
        isRight()
            ? "All %s equations are equal in float64 at three small shapes.".formatted(all)
            : "%s of %s equations FAILED.".formatted(wrong(), all));
    show.accept(printout.take());
  }

  private long wrong() {
    return chains.values().stream()
        .flatMap(List::stream)
        .filter(each -> !each.checked().isOk())
        .count();
  }

  /** Whether all equations are equal. */
  public boolean isRight() {
    return wrong() == 0;
  }

  /** The derivation as a web page that needs no other file. */
  public String page() {
    return Page.of(which, size, chains);
  }
}
