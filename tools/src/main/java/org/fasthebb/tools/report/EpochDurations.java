package org.fasthebb.tools.report;

import java.util.Optional;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.tables.Paper;
import org.fasthebb.tools.tables.Table1;

/** Table 1 on a page: bars of epoch durations beside the paper's, and the numbers. */
final class EpochDurations {
  /** Heights of a line of text and of the bar beneath it. */
  private static final int LINE = 16;

  private static final int BAR = 9;

  /** From one line of text to the next. */
  private static final int PITCH = LINE + BAR + 5;

  private final Table1 table;
  private final Html html;
  private final double longest;

  private EpochDurations(Table1 table, Html html) {
    this.table = table;
    this.html = html;
    longest =
        table.rows().stream()
            .mapToDouble(row -> Math.max(row.epochSeconds(), paper(row).orElse(0.0)))
            .max()
            .orElse(1);
  }

  static void draw(Html html, Table1 table) {
    EpochDurations section = new EpochDurations(table, html);
    html.element("h2", "Time of pre-training");
    section.bars();
    section.numbers();
  }

  private static Optional<Double> paper(Table1.MethodRow row) {
    return Paper.epochSeconds(row.data(), row.method());
  }

  private void bars() {
    long papers = table.rows().stream().filter(row -> paper(row).isPresent()).count();
    html.open("figure");
    html.element(
        "figcaption",
        "Duration of an epoch, without validation. Names that end in -fh are fast forms, the"
            + " others naive ones."
            + (papers > 0 ? " Outlined: the paper, on an RTX 3060." : ""));
    int bars = (int) (table.rows().size() + papers);
    Svg svg = Svg.open(html, Chart.WIDTH, bars * PITCH, "duration of an epoch by method");
    int top = 0;
    for (Table1.MethodRow row : table.rows()) {
      Look look = Look.of(row.method());
      bar(svg, top, row.method(), look, row.epochSeconds(), table.speedup(row));
      top += PITCH;
      if (paper(row).isPresent()) {
        String name = row.method() + " in the paper";
        bar(svg, top, name, look.ofPaper(), paper(row).get(), Table1.paperSpeedup(row));
        top += PITCH;
      }
    }
    html.close().close();
  }

  private void bar(
      Svg svg, int top, String name, Look look, double seconds, Optional<Double> times) {
    String faster = times.map(ratio -> Text.format(", %.1f times faster", ratio)).orElse("");
    svg.label(0, top + LINE - 4, "start", name + ": " + Text.seconds(seconds) + faster);
    svg.openSeries(look);
    double width = Math.max(1, (Chart.WIDTH - 2) * seconds / longest);
    svg.bar(look, 1, top + LINE, width, BAR);
    html.close();
  }

  private void numbers() {
    html.openTable(Table1.COLUMNS);
    for (Table1.MethodRow row : table.rows()) {
      html.open("tr");
      table.words(row).forEach(word -> html.element("td", word));
      html.close();
    }
    html.closeTable();
    html.element("p", table.note(), "class", "note");
  }
}
