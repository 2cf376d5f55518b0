package org.fasthebb.tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.fasthebb.tools.tables.Table2;

/** Table 2 on a page: a chart of accuracy against labels beside the paper's, and the numbers. */
final class AccuracyByLabels {
  private final Table2 table;
  private final Html html;

  private AccuracyByLabels(Table2 table, Html html) {
    this.table = table;
    this.html = html;
  }

  static void draw(Html html, Table2 table) {
    AccuracyByLabels section = new AccuracyByLabels(table, html);
    html.element("h2", "Accuracy by number of labels");
    html.element("p", table.note(), "class", "lead");
    if (table.regimes().size() > 1) {
      section.chart();
    }
    section.numbers();
  }

  private void numbers() {
    List<String> columns = new ArrayList<>(List.of("labels"));
    table.methods().forEach(method -> columns.add(Table2.heading(method)));
    html.openTable(columns);
    for (String regime : table.regimes()) {
      html.open("tr").element("th", regime + " %");
      for (String method : table.methods()) {
        html.open("td");
        table.row(regime, method).ifPresent(this::cell);
        html.close();
      }
      html.close();
    }
    html.closeTable();
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
    List<Series> series = new ArrayList<>();
    int places = table.regimes().size();
    table
        .chance()
        .ifPresent(chance -> series.add(Series.level("chance", Look.CHANCE, chance, places)));
    for (String method : table.methods()) {
      List<Double> paper = values(method, Table2.RegimeRow::paper);
      if (paper.stream().anyMatch(Objects::nonNull)) {
        series.add(Series.of(method + ", the paper", Look.of(method).ofPaper(), paper));
      }
    }
    for (String method : table.methods()) {
      series.add(
          new Series(
              Table2.heading(method),
              Look.of(method),
              values(method, Table2.RegimeRow::mean),
              values(method, Table2.RegimeRow::width)));
    }
    double highest = series.stream().mapToDouble(Series::highest).max().orElse(0);
    String note = "Bands: 95 % confidence intervals. Shares of labels are evenly spaced.";
    new Chart(
            "Test accuracy", note, "labels, %", table.regimes(), ValueAxis.percent(highest), series)
        .drawPicture(html);
  }

  /** A value of each regime; null where there is none. */
  private List<Double> values(String method, Function<Table2.RegimeRow, Double> of) {
    return table.regimes().stream()
        .map(regime -> table.row(regime, method).map(of).orElse(null))
        .toList();
  }
}
