package org.fasthebb.tools;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Accuracy over epochs as an SVG picture: the curve, its best epoch, and the chance level.
 *
 * @param name of the curve
 * @param values from 0 to 1, one per epoch, at least one
 * @param best epoch, from 1
 * @param chance level, from 0 to 1
 * @param top of the axis, from 0 to 1, so that charts side by side can share it
 */
record AccuracyChart(String name, List<Double> values, int best, double chance, double top) {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 270;
  private static final int LEFT = 46;
  private static final int RIGHT = 16;
  private static final int TOP = 34;
  private static final int BOTTOM = 46;

  /** The top of an axis for curves that reach {@code highest}. */
  static double top(double highest) {
    return Math.min(1, Math.ceil(highest * 10 + 0.2) / 10);
  }

  void draw(Html html) {
    html.open(
        "svg",
        "viewBox",
        "0 0 " + WIDTH + " " + HEIGHT,
        "role",
        "img",
        "aria-label",
        "validation accuracy over epochs of " + name);
    legend(html);
    verticalAxis(html);
    horizontalAxis(html);
    line(html, "chance", LEFT, y(chance), WIDTH - RIGHT, y(chance));
    String points =
        IntStream.range(0, values.size())
            .mapToObj(i -> number(x(i + 1)) + "," + number(y(values.get(i))))
            .collect(Collectors.joining(" "));
    html.open("polyline", "class", "curve", "points", points).close();
    for (int i = 0; i < values.size(); i++) {
      boolean marked = i + 1 == best;
      html.open(
              "circle",
              "class",
              marked ? "best" : "point",
              "cx",
              number(x(i + 1)),
              "cy",
              number(y(values.get(i))),
              "r",
              marked ? "5.5" : values.size() > 40 ? "0" : "2.5")
          .element("title", "epoch " + (i + 1) + ": " + Text.percent(values.get(i)))
          .close();
    }
    html.close();
  }

  private void legend(Html html) {
    int at = LEFT;
    line(html, "curve", at, 13, at + 22, 13);
    text(html, "label", at + 28, 17, "start", "validation");
    at += 108;
    html.open("circle", "class", "best", "cx", number(at), "cy", "13", "r", "5.5").close();
    text(html, "label", at + 12, 17, "start", "best epoch, " + best);
    at += 120;
    line(html, "chance", at, 13, at + 22, 13);
    text(html, "label", at + 28, 17, "start", "chance");
  }

  private void verticalAxis(Html html) {
    double step = top > 0.5 ? 0.2 : 0.1;
    for (int i = 0; i * step < top + 1e-9; i++) {
      double value = i * step;
      line(html, i == 0 ? "axis" : "grid", LEFT, y(value), WIDTH - RIGHT, y(value));
      text(html, "label", LEFT - 8, y(value) + 4, "end", Text.format("%.0f %%", 100 * value));
    }
  }

  private void horizontalAxis(Html html) {
    int epochs = values.size();
    int step = 1;
    while (epochs / step > 10) {
      step = step == 1 ? 2 : step == 2 ? 5 : 2 * step;
    }
    for (int epoch = step; epoch <= epochs; epoch += step) {
      String label = Integer.toString(epoch);
      text(html, "label", x(epoch), HEIGHT - BOTTOM + 18, "middle", label);
    }
    text(html, "label", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", "epoch");
  }

  /** Half an epoch of space on either side. */
  private double x(int epoch) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (epoch - 0.5) / values.size();
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
  }

  private static void line(Html html, String kind, double x1, double y1, double x2, double y2) {
    html.open(
            "line",
            "class",
            kind,
            "x1",
            number(x1),
            "y1",
            number(y1),
            "x2",
            number(x2),
            "y2",
            number(y2))
        .close();
  }

  private static void text(Html html, String kind, double x, double y, String anchor, String text) {
    html.element(
        "text", text, "class", kind, "x", number(x), "y", number(y), "text-anchor", anchor);
  }

  private static String number(double value) {
    return Text.format("%.1f", value);
  }
}
