package org.fasthebb.tools.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.fasthebb.tools.console.Text;

/** How often the images of each class were taken for each other class, and the recall of each. */
public final class ConfusionTable {
  static final String CSS =
      """
      .confusion td { text-align: right; padding-left: 0.4rem; white-space: nowrap; }
      .confusion thead th { text-align: right; }
      .confusion thead th:first-child { text-align: left; }
      .confusion .right { font-weight: 600; }
      """;

  /** The most classes of a whole table on a page. */
  private static final int WHOLE = 20;

  /** The most rows of the tables that take its place. */
  private static final int ROWS = 20;

  private final List<String> names;
  private final int[][] counts;

  /** The table of a test. */
  public ConfusionTable(Predictions predictions) {
    names = predictions.images().classNames();
    counts = predictions.confusion();
  }

  private int images(int label) {
    return IntStream.of(counts[label]).sum();
  }

  /** The part of the images of a class that were recognised; NaN if it has none. */
  private double recall(int label) {
    return (double) counts[label][label] / images(label);
  }

  /** The whole table as CSV: a row per class, a column per class predicted, and the recall. */
  public String csv() {
    List<Object> header = new ArrayList<>(List.of("class"));
    header.addAll(names);
    header.addAll(List.of("images", "recall"));
    StringBuilder csv = new StringBuilder(Text.csv(header)).append('\n');
    for (int c = 0; c < counts.length; c++) {
      List<Object> row = new ArrayList<>(List.of(names.get(c)));
      IntStream.of(counts[c]).forEach(row::add);
      row.add(images(c));
      row.add(images(c) == 0 ? "" : Text.format("%.4f", recall(c)));
      csv.append(Text.csv(row)).append('\n');
    }
    return csv.toString();
  }

  /** Draws it: the whole table if there are few classes, else the worst of it. */
  void draw(Html html) {
    html.element("h2", "What is taken for what");
    if (names.size() <= WHOLE) {
      drawWhole(html);
    } else {
      drawRecalls(html);
      drawPairs(html);
    }
    html.element(
        "p",
        (names.size() <= WHOLE
                ? "A row is a class, a column what its test images are taken for. "
                : "")
            + "Recall is the part of a class's test images that are recognised. All numbers are in"
            + " confusion.csv, all test images in predictions.csv.",
        "class",
        "note");
  }

  private void drawWhole(Html html) {
    html.open("div", "class", "scroll").open("table", "class", "numbers confusion");
    html.open("thead").open("tr").element("th", "class");
    for (int c = 0; c < counts.length; c++) {
      html.element("th", Integer.toString(c + 1), "title", names.get(c));
    }
    html.element("th", "recall").close().close().open("tbody");
    for (int c = 0; c < counts.length; c++) {
      html.open("tr").element("th", (c + 1) + " " + names.get(c));
      for (int p = 0; p < counts.length; p++) {
        int shade = Math.round(70f * counts[c][p] / Math.max(1, images(c)));
        html.element(
            "td",
            counts[c][p] == 0 ? "·" : Text.count(counts[c][p]),
            "class",
            p == c ? "right" : "",
            "style",
            "background:color-mix(in srgb, var(%s) %s%%, transparent)"
                .formatted(p == c ? "--accent" : "--chance", shade));
      }
      html.element("td", percent(c)).close();
    }
    html.closeTable();
  }

  private String percent(int label) {
    return images(label) == 0 ? "no image" : Text.percent(recall(label));
  }

  private void drawRecalls(Html html) {
    html.openTable(List.of("least recognised", "images", "recall"));
    IntStream.range(0, counts.length)
        .filter(c -> images(c) > 0)
        .boxed()
        .sorted(Comparator.comparingDouble(this::recall))
        .limit(ROWS)
        .forEach(c -> {
          html.open("tr").element("th", names.get(c)).element("td", Text.count(images(c)));
          html.element("td", percent(c)).close();
        });
    html.closeTable();
  }

  private void drawPairs(Html html) {
    html.openTable(List.of("most confused", "taken for", "images"));
    IntStream.range(0, counts.length * counts.length)
        .filter(at -> at / counts.length != at % counts.length && count(at) > 0)
        .boxed()
        .sorted(Comparator.comparingInt(at -> -count(at)))
        .limit(ROWS)
        .forEach(at -> {
          html.open("tr").element("th", names.get(at / counts.length));
          html.element("td", names.get(at % counts.length));
          html.element("td", Text.count(count(at))).close();
        });
    html.closeTable();
  }

  private int count(int at) {
    return counts[at / counts.length][at % counts.length];
  }
}
