package org.fasthebb.tools.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fasthebb.tools.console.Text;

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

  void draw(Html html) {
    EpochAxes axes = new EpochAxes(values.size(), top);
    Svg svg =
        Svg.open(
            html, EpochAxes.WIDTH, EpochAxes.HEIGHT, "validation accuracy over epochs of " + name);
    legend(html, svg);
    axes.draw(svg);
    svg.line("chance", EpochAxes.LEFT, axes.y(chance), EpochAxes.RIGHT, axes.y(chance));
    String points =
        IntStream.range(0, values.size())
            .mapToObj(i -> Svg.point(axes.x(i + 1), axes.y(values.get(i))))
            .collect(Collectors.joining());
    html.open("polyline", "class", "curve", "points", points).close();
    for (int i = 0; i < values.size(); i++) {
      boolean marked = i + 1 == best;
      html.open(
              "circle",
              "class",
              marked ? "best" : "point",
              "cx",
              Svg.number(axes.x(i + 1)),
              "cy",
              Svg.number(axes.y(values.get(i))),
              "r",
              marked ? "5.5" : values.size() > 40 ? "0" : "2.5")
          .element("title", "epoch " + (i + 1) + ": " + Text.percent(values.get(i)))
          .close();
    }
    html.close();
  }

  private void legend(Html html, Svg svg) {
    int at = EpochAxes.LEFT;
    svg.line("curve", at, 13, at + 22, 13);
    svg.label(at + 28, 17, "start", "validation");
    at += 108;
    html.open("circle", "class", "best", "cx", Svg.number(at), "cy", "13", "r", "5.5").close();
    svg.label(at + 12, 17, "start", "best epoch, " + best);
    at += 120;
    svg.line("chance", at, 13, at + 22, 13);
    svg.label(at + 28, 17, "start", "chance");
  }
}
