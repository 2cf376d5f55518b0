package org.fasthebb.tools.derive;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.tools.derive.algebra.Cost;
import org.fasthebb.tools.derive.algebra.Notation;

/** A derivation from end to end: checks each equation, counts, measures and shows it. */
public final class Lesson {
  private final Derivations which;
  private final Size size;
  private final Backend backend;

  /** A derivation at a layer's size. */
  public Lesson(Derivations which, Size size, Backend backend) {
    this.which = which;
    this.size = size;
    this.backend = backend;
  }

  /**
   * Prints all equations, each as soon as it is measured; returns whether all are right.
   *
   * @param letters what the terminal can show; without Greek letters, words stand for them
   */
  public boolean print(Consumer<String> out, Charset letters) {
    boolean greek = letters.newEncoder().canEncode("ΔΣη≤∈×─");
    Consumer<List<String>> show =
        lines -> lines.forEach(line -> out.accept(greek ? line : Notation.ascii(line)));
    Printout printout = new Printout();
    printout.head(which, size);
    List<Checked> all = new ArrayList<>();
    for (Derivation part : which.parts()) {
      printout.part(part);
      int number = 0;
      for (Checked each : Checked.check(part, backend)) {
        String time = Timing.measure(each.form(), each.plan(), size.sizes(), backend);
        printout.step(number++, each, Cost.of(each.plan(), size.sizes()), time);
        show.accept(printout.take());
        all.add(each);
      }
      printout.summary();
    }
    long wrong = all.stream().filter(each -> !each.isOk()).count();
    printout.tail(
        wrong == 0
            ? "All %d equations are equal in float64 at three small shapes.".formatted(all.size())
            : "%d of %d equations FAILED.".formatted(wrong, all.size()));
    show.accept(printout.take());
    return wrong == 0;
  }
}
