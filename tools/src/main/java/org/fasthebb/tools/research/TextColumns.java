package org.fasthebb.tools.research;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Text in columns. */
final class TextColumns {
  private TextColumns() {}

  /** Rows of as many fields each, with two spaces between columns. */
  static String aligned(List<List<String>> rows) {
    int[] widths =
        IntStream.range(0, rows.getFirst().size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return rows.stream()
        .map(row -> line(row, widths).stripTrailing())
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String line(List<String> row, int... widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(i -> row.get(i) + " ".repeat(widths[i] - row.get(i).length()))
        .collect(Collectors.joining("  "));
  }
}
