package org.fasthebb.tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.fasthebb.tools.tables.Table2;

/** Table 2 on a page: a chart of accuracy against labels beside the paper's, and the numbers. */
final class AccuracyByLabels {
  private final Table2 table;
  private final Html html;

  /** Regimes and methods of which a cell was run. */
  private final List<String> regimes;

  private final List<String> methods;

  private AccuracyByLabels(Table2 table, Html html) {
    this.table = table;
    this.html = html;
    regimes = table.rows().stream().map(Table2.RegimeRow::regime).distinct().toList();
    methods = table.rows().stream().map(Table2.RegimeRow::method).distinct().toList();
  }

  static void draw(Html html, Table2 table) {
    AccuracyByLabels section = new AccuracyByLabels(table, html);
    html.element("h2", "Accuracy by number of labels");
    html.element("p", table.note(), "class", "lead");
    if (section.regimes.size() > 1) {
      section.chart();
    }
    section.numbers((regime, method) -> section.cell(table.words(regime, method)));
    if (table.hasTop1()) {
      html.element("p", "Top-1 accuracy, mean over seeds:");
      section.numbers((regime, method) -> html.text(table.top1InWords(regime, method)));
    }
    if (table.hasGains()) {
      html.element("p", table.gainNote());
      section.numbers((regime, method) -> section.cell(table.gainInWords(regime, method)));
    }
  }

  private void numbers(BiConsumer<String, String> cell) {
    List<String> columns = new ArrayList<>(List.of("labels"));
    if (table.hasPaperColumn()) {
      columns.add("best of the paper");
    }
    table.methods().forEach(method -> columns.add(Table2.heading(method)));
    html.openTable(columns);
    for (String regime : table.regimes()) {
      html.open("tr").element("th", regime + " %");
      if (table.hasPaperColumn()) {
        html.element("td", table.paperInWords(regime));
      }
      for (String method : table.methods()) {
        html.open("td");
        cell.accept(regime, method);
        html.close();
      }
      html.close();
    }
    html.closeTable();
  }

  private void cell(Table2.CellWords words) {
    if (words.significant()) {
      html.element("b", words.accuracy());
    } else {
      html.text(words.accuracy());
    }
    html.text(words.rest());
  }

  private void chart() {
    List<Series> series = new ArrayList<>();
    int places = regimes.size();
    table
        .chance()
        .ifPresent(chance -> series.add(Series.level("chance", Look.CHANCE, chance, places)));
    for (String method : table.hasPaperColumn() ? methods.subList(0, 1) : methods) {
      List<Double> paper = values(method, Table2.RegimeRow::paper);
      if (paper.stream().anyMatch(Objects::nonNull)) {
        String name = table.hasPaperColumn() ? "best of the paper" : method + ", the paper";
        series.add(Series.of(name, Look.of(method).ofPaper(), paper));
      }
    }
    for (String method : methods) {
      series.add(
          new Series(
              Table2.heading(method),
              Look.of(method),
              values(method, Table2.RegimeRow::mean),
              values(method, Table2.RegimeRow::width)));
    }
    double highest = series.stream().mapToDouble(Series::highest).max().orElse(0);
    String note = "Bands: 95 % confidence intervals. Shares of labels are evenly spaced.";
    new Chart("Test accuracy", note, "labels, %", regimes, ValueAxis.percent(highest), series)
        .drawPicture(html);
  }

  /** A value of each regime; null where there is none. */
  private List<Double> values(String method, Function<Table2.RegimeRow, Double> of) {
    return regimes.stream().map(regime -> table.row(regime, method).map(of).orElse(null)).toList();
  }
}
