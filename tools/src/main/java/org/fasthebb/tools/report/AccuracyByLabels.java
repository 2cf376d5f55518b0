package org.fasthebb.tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.fasthebb.tools.tables.Table2;
import org.fasthebb.tools.tables.Table2Text;

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
    List<Table2Text.Grid> grids = new Table2Text(table).grids();
    AccuracyByLabels section = new AccuracyByLabels(table, html);
    html.element("h2", "Accuracy by number of labels");
    html.element("p", grids.getFirst().note(), "class", "lead");
    if (section.regimes.size() > 1) {
      section.chart();
    }
    section.numbers(grids.getFirst());
    for (Table2Text.Grid grid : grids.subList(1, grids.size())) {
      html.element("p", grid.note());
      section.numbers(grid);
    }
  }

  private void numbers(Table2Text.Grid grid) {
    List<String> columns = new ArrayList<>(List.of("labels"));
    columns.addAll(grid.columns());
    html.openTable(columns);
    for (Table2Text.Line line : grid.lines()) {
      html.open("tr").element("th", line.regime());
      for (Table2Text.CellWords words : line.cells()) {
        html.open("td");
        cell(words);
        html.close();
      }
      html.close();
    }
    html.closeTable();
  }

  private void cell(Table2Text.CellWords words) {
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
    for (String method : table.hasBestOfPaper() ? methods.subList(0, 1) : methods) {
      List<Double> paper = values(method, Table2.RegimeRow::paper);
      if (paper.stream().anyMatch(Objects::nonNull)) {
        String name = table.hasBestOfPaper() ? Table2Text.BEST_OF_PAPER : method + ", the paper";
        series.add(Series.of(name, Look.of(method).ofPaper(), paper));
      }
    }
    for (String method : methods) {
      series.add(
          new Series(
              Table2Text.heading(method),
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
