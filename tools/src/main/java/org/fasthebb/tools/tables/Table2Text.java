package org.fasthebb.tools.tables;

import static org.fasthebb.tools.tables.Table2.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.tools.option.Protocol;
import org.fasthebb.tools.tables.Table2.Gain;
import org.fasthebb.tools.tables.Table2.RegimeRow;

/** A {@link Table2} in words: grids with a line for each regime and a column for each method. */
public record Table2Text(Table2 table) {
  /** The name of a column, and of a curve. */
  public static final String BEST_OF_PAPER = "best of the paper";

  /**
   * A cell in words.
   *
   * @param accuracy the mean, or that the cell was not run
   * @param significant see {@link RegimeRow}
   * @param rest the interval, the number of seeds if some are missing, and the paper's number
   */
  public record CellWords(String accuracy, boolean significant, String rest) {
    private static CellWords plain(String text) {
      return new CellWords(text, false, "");
    }

    private String markdown() {
      return (significant ? "**" + accuracy + "**" : accuracy) + rest;
    }
  }

  /**
   * A line for each regime.
   *
   * @param note what the numbers are
   * @param columns of methods, or the paper's
   * @param lines of cells, one for each column
   */
  public record Grid(String note, List<String> columns, List<Line> lines) {}

  /**
   * A line of a grid.
   *
   * @param regime with its sign of percent
   */
  public record Line(String regime, List<CellWords> cells) {}

  /** The accuracies; top-1 accuracies beside top-5 ones, and gains over controls, if there are. */
  public List<Grid> grids() {
    List<Grid> grids = new ArrayList<>();
    grids.add(grid(note(), table.methods(), table.hasBestOfPaper(), this::words));
    if (table.rows().stream().anyMatch(row -> row.top1() != null)) {
      String note = "Top-1 test accuracy in percent, mean over seeds:";
      grids.add(grid(note, table.methods(), false, this::top1));
    }
    List<RegimeRow> gaining = table.rows().stream().filter(row -> row.gain() != null).toList();
    if (!gaining.isEmpty()) {
      Set<String> some = gaining.stream().map(RegimeRow::method).collect(Collectors.toSet());
      List<String> methods = table.methods().stream().filter(some::contains).toList();
      grids.add(grid(gainNote(gaining), methods, false, this::gain));
    }
    return grids;
  }

  private Grid grid(
      String note,
      List<String> methods,
      boolean withPaper,
      BiFunction<String, String, CellWords> cell) {
    List<String> columns = new ArrayList<>(withPaper ? List.of(BEST_OF_PAPER) : List.of());
    methods.forEach(method -> columns.add(heading(method)));
    List<Line> lines = new ArrayList<>();
    for (String regime : table.regimes()) {
      List<CellWords> cells = new ArrayList<>();
      if (withPaper) {
        Double best = Paper.best(table.data(), regime).orElse(null);
        cells.add(CellWords.plain(number("%.1f", best)));
      }
      methods.forEach(method -> cells.add(cell.apply(regime, method)));
      lines.add(new Line(regime + " %", cells));
    }
    return new Grid(note, columns, lines);
  }

  /** The name of a method at the head of its column; controls are marked. */
  public static String heading(String method) {
    boolean control = Method.named(method).stream().anyMatch(known -> !known.isPretrained());
    return method + (control ? " (control)" : "");
  }

  /** An accuracy in words. */
  CellWords words(String regime, String method) {
    String paper =
        table.protocol() == Protocol.BEST
            ? ""
            : number(" (%.1f)", Paper.accuracy(table.data(), regime, method).orElse(null));
    return table
        .row(regime, method)
        .map(row -> {
          String rest = number(" ± %.1f", row.ci95()) + missing(row) + paper;
          return new CellWords(number("%.1f", row.mean()), row.significant(), rest);
        })
        .orElse(new CellWords("not run", false, paper));
  }

  private String missing(RegimeRow row) {
    int runs = table.seeds() * Table2.labelSets(row.regime(), table.labelSets());
    if (row.seeds() < table.seeds()) {
      return ", %s of %s seeds".formatted(row.seeds(), table.seeds());
    }
    return row.runs() < runs ? ", %s of %s runs".formatted(row.runs(), runs) : "";
  }

  private CellWords top1(String regime, String method) {
    Double value = table.row(regime, method).map(RegimeRow::top1).orElse(null);
    return CellWords.plain(number("%.1f", value));
  }

  private static String gainNote(List<RegimeRow> gaining) {
    List<String> pairs =
        gaining.stream()
            .map(row -> row.gain().control() + " for " + row.method())
            .distinct()
            .toList();
    return "Gain in points over the control with the same read-out ("
        + String.join(", ", pairs)
        + "). Bold: over 0, at p = 0.05 by the paired t-test:";
  }

  private CellWords gain(String regime, String method) {
    Gain gain = table.row(regime, method).map(RegimeRow::gain).orElse(null);
    return gain == null
        ? CellWords.plain("")
        : new CellWords(
            number("%+.1f", gain.mean()), gain.significant(), number(" ± %.1f", gain.ci95()));
  }

  /** What the accuracies are. */
  public String note() {
    boolean best = table.protocol() == Protocol.BEST;
    boolean paper =
        !best
            && table.regimes().stream()
                .anyMatch(regime ->
                    table.methods().stream()
                        .anyMatch(
                            method -> Paper.accuracy(table.data(), regime, method).isPresent()));
    int classes = table.classes();
    return (classes == 0 ? "Test" : "Top-" + Accuracy.top(classes) + " test")
        + " accuracy in percent: mean over "
        + sample()
        + (paper ? " (the paper's number)" : "")
        + (best
            ? ", by the protocol best: ridge regression on fixed features with self-training, but"
                + " for the control supervised. Bold: above chance, and better than each other"
                + " method of the table,"
            : ". Bold: above chance, and better than each other method of the paper,")
        + " at p = 0.05 by t-tests."
        + table.chance().map(part -> String.format(Locale.ROOT, " Chance: %.1f.", part)).orElse("");
  }

  /** What varies between the values of a cell. */
  private String sample() {
    String interval = " ± half of its 95 % confidence interval";
    if (table.labelSets() < 2) {
      return "seeds" + interval;
    }
    return table.seeds() == 1
        ? "%s sets of labels of one network".formatted(table.labelSets())
            + interval
            + " over the sets, so it does not tell how networks differ"
        : "%s networks, each with %s sets of labels,".formatted(table.seeds(), table.labelSets())
            + interval
            + " over networks";
  }

  /** As Markdown: the accuracies and what they are, then what the other grids are, and they. */
  public String markdown() {
    List<Grid> grids = grids();
    Grid first = grids.getFirst();
    StringBuilder text = new StringBuilder(markdown(first));
    text.append('\n').append(first.note).append('\n');
    for (Grid grid : grids.subList(1, grids.size())) {
      text.append('\n').append(grid.note).append("\n\n").append(markdown(grid));
    }
    return text.toString();
  }

  private static String markdown(Grid grid) {
    StringBuilder text = new StringBuilder("| labels |");
    grid.columns.forEach(column -> text.append(' ').append(column).append(" |"));
    text.append("\n|---|").append("---|".repeat(grid.columns.size())).append('\n');
    for (Line line : grid.lines) {
      text.append("| ").append(line.regime).append(" |");
      line.cells.forEach(cell -> text.append(' ').append(cell.markdown()).append(" |"));
      text.append('\n');
    }
    return text.toString();
  }
}
