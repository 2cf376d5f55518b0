package org.fasthebb.tools.report;

import java.util.List;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.tables.Table2;

/** Table 2 on a page: the numbers, and a chart of accuracy against labels beside the paper's. */
final class AccuracyByLabels {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final int LEFT = 50;
  private static final int RIGHT = 10;
  private static final int TOP = 16;
  private static final int BOTTOM = 46;

  private final Table2 table;
  private final Html html;
  private final double highest;

  private AccuracyByLabels(Table2 table, Html html) {
    this.table = table;
    this.html = html;
    highest =
        table.rows().stream()
            .mapToDouble(
                row -> Math.max(row.mean() + row.width(), row.paper() == null ? 0 : row.paper()))
            .max()
            .orElse(100);
  }

  static void draw(Html html, Table2 table) {
    AccuracyByLabels section = new AccuracyByLabels(table, html);
    html.element("h2", "Accuracy by number of labels");
    html.element(
        "p",
        "Test accuracy in percent: mean over seeds ± half of its 95 % confidence interval (the"
            + " paper's number). Bold: better than each other method of the paper at p = 0.05 by"
            + " the paired t-test.",
        "class",
        "lead");
    section.numbers();
    section.chart();
  }

  private void numbers() {
    html.open("div", "class", "scroll").open("table").open("thead").open("tr");
    html.element("th", "labels");
    table.methods().forEach(method -> html.element("th", method));
    html.close().close().open("tbody");
    for (String regime : table.regimes()) {
      html.open("tr").element("th", regime + " %");
      for (String method : table.methods()) {
        html.open("td");
        table.row(regime, method).ifPresent(this::cell);
        html.close();
      }
      html.close();
    }
    html.close().close().close();
  }

  private void cell(Table2.RegimeRow row) {
    if (row.significant()) {
      html.element("b", row.meanInWords());
    } else {
      html.text(row.meanInWords());
    }
    html.text(row.restInWords());
  }

  private void chart() {
    html.open("figure");
    MethodColours.legend(html, table.methods());
    Svg svg = Svg.open(html, WIDTH, HEIGHT, "test accuracy by labels and method");
    for (int percent = 0; percent <= highest; percent += 10) {
      svg.line(percent == 0 ? "axis" : "grid", LEFT, y(percent), WIDTH - RIGHT, y(percent));
      svg.label(LEFT - 8, y(percent) + 4, "end", percent + " %");
    }
    for (String regime : table.regimes()) {
      svg.label(x(regime), HEIGHT - BOTTOM + 18, "middle", regime + " %");
    }
    svg.label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", "labelled images");
    for (String method : table.methods()) {
      curve(method, MethodColours.of(method));
    }
    html.close();
    boolean paper = table.rows().stream().anyMatch(row -> row.paper() != null);
    html.element(
        "figcaption",
        "Bands: 95 % confidence intervals."
            + (paper ? " Dashed: the paper." : "")
            + " Shares of labels are evenly spaced.");
    html.close();
  }

  private void curve(String method, String colour) {
    List<Table2.RegimeRow> rows =
        table.rows().stream().filter(row -> row.method().equals(method)).toList();
    StringBuilder middle = new StringBuilder();
    StringBuilder upper = new StringBuilder();
    StringBuilder lower = new StringBuilder();
    StringBuilder paper = new StringBuilder();
    for (Table2.RegimeRow row : rows) {
      double x = x(row.regime());
      middle.append(Svg.point(x, y(row.mean())));
      upper.append(Svg.point(x, y(row.mean() + row.width())));
      lower.insert(0, Svg.point(x, y(row.mean() - row.width())));
      if (row.paper() != null) {
        paper.append(Svg.point(x, y(row.paper())));
      }
    }
    String band = upper.append(lower).toString();
    html.open("polygon", "points", band, "fill", colour, "fill-opacity", "0.15").close();
    html.open("polyline", "class", "series", "points", middle.toString(), "stroke", colour);
    html.close();
    if (!paper.isEmpty()) {
      html.open("polyline", "class", "paper", "points", paper.toString(), "stroke", colour);
      html.close();
    }
    for (Table2.RegimeRow row : rows) {
      point(row.regime(), row.mean(), "fill", colour, method + ", ");
      if (row.paper() != null) {
        point(row.regime(), row.paper(), "stroke", colour, "the paper's " + method + ", ");
      }
    }
  }

  private void point(String regime, double mean, String how, String colour, String what) {
    String x = Svg.number(x(regime));
    String y = Svg.number(y(mean));
    html.open("circle", "cx", x, "cy", y, "r", "3", "class", how, how, colour);
    html.element("title", what + Text.format("%.1f %%", mean)).close();
  }

  private double x(String regime) {
    int count = table.regimes().size();
    double step = (WIDTH - LEFT - RIGHT) / (double) count;
    return LEFT + step * (table.regimes().indexOf(regime) + 0.5);
  }

  private double y(double percent) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * percent / Math.max(10, highest);
  }
}
