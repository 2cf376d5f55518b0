package org.fasthebb.tools.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A curve of a chart, a column of its table.
 *
 * @param name in the legend
 * @param look of its line and marks
 * @param values one per place on the horizontal axis; null where there is none
 * @param widths half the widths of the confidence intervals of percentages; empty if not known
 */
record Series(String name, Look look, List<Double> values, List<Double> widths) {
  /** Leaves out values that are not finite, which no axis holds. */
  Series {
    values =
        values.stream()
            .map(value -> value == null || !Double.isFinite(value) ? null : value)
            .toList();
  }

  /** A curve without a band. */
  static Series of(String name, Look look, List<Double> values) {
    return new Series(name, look, values, List.of());
  }

  /** Parts of one as percentages. */
  static Series percent(String name, Look look, List<Double> parts) {
    return of(name, look, parts.stream().map(part -> 100 * part).toList());
  }

  /** A horizontal line across some places. */
  static Series level(String name, Look look, double value, int places) {
    return of(name, look, Collections.nCopies(places, value));
  }

  /** One point of this curve, marked with a ring. */
  Series ringed(String what, int index) {
    List<Double> one = new ArrayList<>(Collections.nCopies(values.size(), null));
    one.set(index, values.get(index));
    return of(what, Look.RING, one);
  }

  boolean hasBand() {
    return !widths.isEmpty();
  }

  /** The lower end of the interval at a place, cut at 0. */
  double low(int place) {
    return hasBand() ? Math.max(0, values.get(place) - widths.get(place)) : values.get(place);
  }

  /** The upper end of the interval at a place, cut at 100 percent. */
  double high(int place) {
    return hasBand() ? Math.min(100, values.get(place) + widths.get(place)) : values.get(place);
  }

  double lowest() {
    return ends().min().orElse(0);
  }

  double highest() {
    return ends().max().orElse(0);
  }

  private DoubleStream ends() {
    List<Double> ends = new ArrayList<>();
    for (int place = 0; place < values.size(); place++) {
      if (values.get(place) != null) {
        ends.add(low(place));
        ends.add(high(place));
      }
    }
    return ends.stream().mapToDouble(end -> end);
  }
}
