package org.fasthebb.tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.tables.Paper;
import org.fasthebb.tools.tables.Table1;

/** Table 1 on a page: bars of epoch durations beside the paper's, and the numbers. */
final class EpochDurations {
  private static final int WIDTH = 720;
  private static final int LEFT = 80;

  /** Space for words behind the longest bar. */
  private static final int WORDS = 230;

  private static final int BAR = 15;

  /** Distance from one method's bars to the next. */
  private static final int PITCH = 2 * BAR + 14;

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
    boolean compared = table.rows().stream().anyMatch(row -> paper(row).isPresent());
    html.open("figure");
    Svg svg =
        Svg.open(html, WIDTH, 10 + PITCH * table.rows().size(), "duration of an epoch by method");
    for (int i = 0; i < table.rows().size(); i++) {
      Table1.MethodRow row = table.rows().get(i);
      double y = 8.0 + PITCH * i;
      String colour = MethodColours.of(row.method());
      svg.label(LEFT - 8, y + (compared ? BAR + 4 : BAR - 3), "end", row.method());
      List<String> words = new ArrayList<>(List.of(Text.seconds(row.epochSeconds())));
      table.speedup(row).ifPresent(times -> words.add(faster(times)));
      bar(svg, y, row.epochSeconds(), "fill", colour, words);
      paper(row)
          .ifPresent(seconds -> {
            List<String> theirs = new ArrayList<>(List.of("paper " + Text.seconds(seconds)));
            Table1.paperSpeedup(row).ifPresent(times -> theirs.add(faster(times)));
            bar(svg, y + BAR + 2, seconds, "stroke", colour, theirs);
          });
    }
    svg.line("axis", LEFT, 2, LEFT, 8 + PITCH * table.rows().size());
    html.close();
    html.element(
        "figcaption",
        "Duration of an epoch, without validation. Names that end in -fh are fast forms, the"
            + " others naive ones."
            + (compared ? " Outlined: the paper, on an RTX 3060." : ""));
    html.close();
  }

  private static String faster(double times) {
    return Text.format("%.1f times faster", times);
  }

  private void bar(
      Svg svg, double y, double seconds, String how, String colour, List<String> text) {
    double width = (WIDTH - LEFT - WORDS) * seconds / longest;
    html.open(
            "rect",
            "class",
            how,
            "x",
            Svg.number(LEFT),
            "y",
            Svg.number(y),
            "width",
            Svg.number(Math.max(1, width)),
            "height",
            Svg.number(BAR - 2),
            how,
            colour)
        .close();
    svg.label(LEFT + width + 8, y + BAR - 4, "start", String.join(", ", text));
  }

  private void numbers() {
    html.open("div", "class", "scroll").open("table").open("thead").open("tr");
    Table1.COLUMNS.forEach(column -> html.element("th", column));
    html.close().close().open("tbody");
    for (Table1.MethodRow row : table.rows()) {
      html.open("tr");
      table.words(row).forEach(word -> html.element("td", word));
      html.close();
    }
    html.close().close().close();
    html.element("p", table.note(), "class", "note");
  }
}
