package org.fasthebb.tools;

import java.util.List;
import org.fasthebb.tools.tables.Table2;

/** Table 2 as one web page that needs nothing else: the numbers, and accuracy against labels. */
final class TableReport {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final int LEFT = 50;
  private static final int RIGHT = 120;
  private static final int TOP = 16;
  private static final int BOTTOM = 46;

  /** Colours that are told apart on light and dark paper, also by the colour-blind. */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#888888");

  private final Table2 table;
  private final Html html = new Html();
  private final double highest;

  private TableReport(Table2 table) {
    this.table = table;
    highest = table.rows().stream().mapToDouble(row -> row.mean() + width(row)).max().orElse(100);
  }

  /** The page. */
  static String page(Table2 table) {
    return new TableReport(table).page();
  }

  private static double width(Table2.Row row) {
    return Double.isNaN(row.ci95()) ? 0 : row.ci95();
  }

  private String page() {
    String title = "Accuracy by number of labels on " + table.rows().getFirst().data();
    html.raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
    html.single("meta", "charset", "utf-8").element("title", title);
    html.open("style").raw(ReportStyle.CSS).close().close().open("body");
    html.element("h1", title);
    html.element(
        "p",
        "Test accuracy in percent: mean over seeds ± half of its 95 % confidence interval (the"
            + " paper's number). Bold: better than each other method of the paper at p = 0.05 by"
            + " the paired t-test.",
        "class",
        "lead");
    numbers();
    chart();
    return html.close().close().toString();
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

  private void cell(Table2.Row row) {
    if (row.significant()) {
      html.element("b", row.meanInWords());
    } else {
      html.text(row.meanInWords());
    }
    html.text(row.restInWords());
  }

  private void chart() {
    html.open("figure");
    html.open("svg", "viewBox", "0 0 " + WIDTH + " " + HEIGHT, "role", "img");
    for (int percent = 0; percent <= highest; percent += 10) {
      line(percent == 0 ? "axis" : "grid", LEFT, y(percent), WIDTH - RIGHT, y(percent));
      label(LEFT - 8, y(percent) + 4, "end", percent + " %");
    }
    for (String regime : table.regimes()) {
      label(x(regime), HEIGHT - BOTTOM + 18, "middle", regime + " %");
    }
    label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", "labelled images");
    for (int i = 0; i < table.methods().size(); i++) {
      curve(table.methods().get(i), COLOURS.get(i % COLOURS.size()), i);
    }
    html.close();
    html.element(
        "figcaption", "Bands: 95 % confidence intervals. Shares of labels are evenly spaced.");
    html.close();
  }

  private void curve(String method, String colour, int number) {
    List<Table2.Row> rows =
        table.rows().stream().filter(row -> row.method().equals(method)).toList();
    StringBuilder middle = new StringBuilder();
    StringBuilder upper = new StringBuilder();
    StringBuilder lower = new StringBuilder();
    for (Table2.Row row : rows) {
      double x = x(row.regime());
      middle.append(point(x, y(row.mean())));
      upper.append(point(x, y(row.mean() + width(row))));
      lower.insert(0, point(x, y(row.mean() - width(row))));
    }
    String band = upper.append(lower).toString();
    html.open("polygon", "points", band, "fill", colour, "fill-opacity", "0.15").close();
    html.open("polyline", "points", middle.toString(), "fill", "none", "stroke", colour);
    html.close();
    for (Table2.Row row : rows) {
      String x = Text.format("%.1f", x(row.regime()));
      String y = Text.format("%.1f", y(row.mean()));
      html.open("circle", "cx", x, "cy", y, "r", "3", "fill", colour);
      html.element("title", method + ", " + Text.format("%.1f %%", row.mean())).close();
    }
    double at = TOP + 10 + 18.0 * number;
    html.open(
            "rect",
            "x",
            Text.format("%d", WIDTH - RIGHT + 10),
            "y",
            Text.format("%.1f", at - 6),
            "width",
            "12",
            "height",
            "12",
            "fill",
            colour)
        .close();
    label(WIDTH - RIGHT + 28, at + 4, "start", method);
  }

  private static String point(double x, double y) {
    return Text.format("%.1f,%.1f ", x, y);
  }

  private double x(String regime) {
    int count = table.regimes().size();
    double step = (WIDTH - LEFT - RIGHT) / (double) count;
    return LEFT + step * (table.regimes().indexOf(regime) + 0.5);
  }

  private double y(double percent) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * percent / Math.max(10, highest);
  }

  private void line(String kind, double x1, double y1, double x2, double y2) {
    html.open(
            "line",
            "class",
            kind,
            "x1",
            Text.format("%.1f", x1),
            "y1",
            Text.format("%.1f", y1),
            "x2",
            Text.format("%.1f", x2),
            "y2",
            Text.format("%.1f", y2))
        .close();
  }

  private void label(double x, double y, String anchor, String text) {
    html.element(
        "text",
        text,
        "class",
        "label",
        "x",
        Text.format("%.1f", x),
        "y",
        Text.format("%.1f", y),
        "text-anchor",
        anchor);
  }
}
