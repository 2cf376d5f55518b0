package org.fasthebb.tools.report;

import java.util.List;
import org.fasthebb.tools.console.Text;

/**
 * The vertical axis of a chart: from one multiple of a round step to another.
 *
 * @param first multiple of the step at the bottom
 * @param last multiple of the step at the top, over {@code first}
 * @param step between two lines: 1, 2 or 5 times a power of ten
 * @param unit behind the numbers: " %" or nothing
 */
record ValueAxis(long first, long last, double step, String unit) {
  private static final int MOST_STEPS = 6;
  private static final int[] ROUND = {1, 2, 5, 10, 20};

  /** An axis for percentages from 0 up to {@code highest}, which is at most 100. */
  static ValueAxis percent(double highest) {
    return of(0, highest, " %");
  }

  /** An axis that holds curves with their bands; from 0 if the lowest value is near it. */
  static ValueAxis of(List<Series> series) {
    double low = series.stream().mapToDouble(Series::lowest).min().orElse(0);
    double high = series.stream().mapToDouble(Series::highest).max().orElse(1);
    return of(low > 0 && (low < high / 2 || low == high) ? 0 : low, high, "");
  }

  private static ValueAxis of(double low, double high, String unit) {
    double span = high > low ? high - low : 1;
    double power = Math.pow(10, Math.floor(Math.log10(span / MOST_STEPS)));
    for (int times : ROUND) {
      double step = times * power;
      long first = (long) Math.floor(low / step + 1e-9);
      long last = (long) Math.ceil((low + span) / step - 1e-9);
      if (last - first <= MOST_STEPS) {
        return new ValueAxis(first, last, step, unit);
      }
    }
    throw new IllegalArgumentException("no axis from " + low + " to " + high);
  }

  /** The part of the axis below a value, from 0 to 1. */
  double part(double value) {
    return (value / step - first) / (last - first);
  }

  /** The number at a line, with as few digits as tell the lines apart. */
  String label(long multiple) {
    return Text.format("%." + decimals() + "f", multiple * step) + unit;
  }

  /** A value in a table, with more digits than at the lines. */
  String words(double value) {
    int digits = Math.max(unit.isEmpty() ? 3 : 1, decimals() + 1);
    return Text.format("%." + digits + "f", value) + unit;
  }

  private int decimals() {
    return Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
  }
}
