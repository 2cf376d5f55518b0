package org.fasthebb.tools.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.tools.option.Protocol;

/**
 * The paper's Table 2: test accuracy by share of labels and method, over seeds.
 *
 * @param rows by regime and method, in the order of the table; a cell that was not run has none
 * @param classes of the data; 0 in files written before this was kept
 * @param data name of the data
 * @param regimes of the table, in order
 * @param methods of the table, in order
 * @param seeds that every cell is to have; 0 if that is not known
 * @param protocol how the labels were learned; null in files written before there was a choice
 */
public record Table2(
    List<RegimeRow> rows,
    int classes,
    String data,
    List<String> regimes,
    List<String> methods,
    int seeds,
    Protocol protocol) {
  /** The paper's methods, which are compared for being significantly best; controls are not. */
  private static final Set<String> COMPETING = Set.of("vae", "swta", "hpca");

  /** Checks that there are rows, even if none. Older files have no more than rows and classes. */
  public Table2 {
    Objects.requireNonNull(rows, "rows are missing");
    data = data != null ? data : rows.isEmpty() ? "" : rows.getFirst().data;
    regimes = regimes != null ? regimes : distinct(rows, RegimeRow::regime);
    methods = methods != null ? methods : distinct(rows, RegimeRow::method);
    protocol = protocol != null ? protocol : Protocol.PAPER;
  }

  private static List<String> distinct(List<RegimeRow> rows, Function<RegimeRow, String> of) {
    return rows.stream().map(of).distinct().toList();
  }

  /**
   * A cell, averaged over seeds.
   *
   * @param data name of the data
   * @param regime labels in percent
   * @param method rule or control
   * @param seeds number of seeds
   * @param mean test accuracy in percent: top-5 if there are over ten classes, else top-1
   * @param ci95 half the width of its 95 % confidence interval, or null for one seed
   * @param paper the paper's accuracy in percent, or null; by the protocol best the highest of its
   *     methods
   * @param significant whether it is above chance and better than every other method of the paper
   *     (by the protocol best, of the table) in this regime, at p = 0.05 by the paired t-test over
   *     common seeds
   * @param top1 mean top-1 accuracy in percent, if that is not {@code mean} and all seeds have it
   */
  public record RegimeRow(
      String data,
      String regime,
      String method,
      int seeds,
      double mean,
      Double ci95,
      Double paper,
      boolean significant,
      Double top1) {
    /** Half the width of the interval, or 0 if it is not known. */
    public double width() {
      return ci95 == null ? 0 : ci95;
    }
  }

  /** The accuracy of guessing in percent, if the number of classes is known. */
  public Optional<Double> chance() {
    return classes == 0 ? Optional.empty() : Optional.of(chance(classes));
  }

  private static double chance(int classes) {
    return 100.0 * Accuracy.top(classes) / classes;
  }

  /**
   * The table of the cells so far.
   *
   * @param data name of the data
   * @param classes of the data
   * @param cells that were run, in any order
   * @param regimes of the table, in order
   * @param methods of the table, in order
   * @param seeds that every cell is to have
   * @param protocol how the labels were learned
   */
  public static Table2 of(
      String data,
      int classes,
      List<Cell> cells,
      List<String> regimes,
      List<String> methods,
      int seeds,
      Protocol protocol) {
    List<RegimeRow> rows = new ArrayList<>();
    for (String regime : regimes) {
      Map<String, Map<Long, Cell>> ran = new LinkedHashMap<>();
      for (String method : methods) {
        Map<Long, Cell> ofMethod = new TreeMap<>();
        for (Cell cell : cells) {
          if (cell.regime().equals(regime) && cell.method().equals(method)) {
            ofMethod.put(cell.seed(), cell);
          }
        }
        if (!ofMethod.isEmpty()) {
          ran.put(method, ofMethod);
        }
      }
      ran.keySet().forEach(method -> rows.add(row(data, classes, regime, method, ran, protocol)));
    }
    return new Table2(rows, classes, data, regimes, methods, seeds, protocol);
  }

  private static RegimeRow row(
      String data,
      int classes,
      String regime,
      String method,
      Map<String, Map<Long, Cell>> ofRegime,
      Protocol protocol) {
    boolean best = protocol == Protocol.BEST;
    Collection<String> competing = best ? ofRegime.keySet() : COMPETING;
    Map<Long, Cell> seeds = ofRegime.get(method);
    double[] values = values(seeds, seeds.keySet());
    boolean five =
        Accuracy.top(classes) == 5 && seeds.values().stream().allMatch(cell -> cell.top1() != null);
    return new RegimeRow(
        data,
        regime,
        method,
        values.length,
        Sample.mean(values),
        values.length < 2 ? null : Sample.halfWidth(values),
        (best ? Paper.best(data, regime) : Paper.accuracy(data, regime, method)).orElse(null),
        isBest(method, ofRegime, competing) && isAbove(values, chance(classes)),
        five
            ? Sample.mean(seeds.values().stream().mapToDouble(cell -> 100 * cell.top1()).toArray())
            : null);
  }

  private static boolean isBest(
      String method, Map<String, Map<Long, Cell>> methods, Collection<String> competing) {
    if (!competing.contains(method)) {
      return false;
    }
    List<String> others =
        methods.keySet().stream()
            .filter(other -> competing.contains(other) && !other.equals(method))
            .toList();
    return !others.isEmpty()
        && others.stream().allMatch(other -> isAbove(methods.get(method), methods.get(other)));
  }

  private static boolean isAbove(double[] values, double chance) {
    double[] guesses = new double[values.length];
    Arrays.fill(guesses, chance);
    return Sample.isAbove(values, guesses);
  }

  private static boolean isAbove(Map<Long, Cell> a, Map<Long, Cell> b) {
    Set<Long> common =
        a.keySet().stream()
            .filter(b::containsKey)
            .collect(Collectors.toCollection(java.util.TreeSet::new));
    return Sample.isAbove(values(a, common), values(b, common));
  }

  private static double[] values(Map<Long, Cell> seeds, Set<Long> which) {
    return which.stream().mapToDouble(seed -> 100 * seeds.get(seed).accuracy()).toArray();
  }

  /**
   * Comma-separated, with a header; the column top1 is there if the mean is of top-5 accuracy, and
   * protocol if that is not the paper's.
   */
  public String csv() {
    boolean five = Accuracy.top(classes) == 5;
    StringBuilder csv =
        new StringBuilder("dataset,regime,method,seeds,mean,ci95,paper,significant");
    csv.append(five ? ",top1" : "").append(protocol == Protocol.PAPER ? "\n" : ",protocol\n");
    for (RegimeRow row : rows) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%s,%s,%s,%d,%.2f,%s,%s,%s%s%s%n",
              row.data,
              row.regime,
              row.method,
              row.seeds,
              row.mean,
              number("%.2f", row.ci95),
              number("%.2f", row.paper),
              row.significant,
              five ? "," + number("%.2f", row.top1) : "",
              protocol == Protocol.PAPER ? "" : "," + protocol));
    }
    return csv.toString();
  }

  /** The row of a regime and a method, if there is one yet. */
  public Optional<RegimeRow> row(String regime, String method) {
    return rows.stream()
        .filter(row -> row.regime.equals(regime) && row.method.equals(method))
        .findFirst();
  }

  /** The name of a method at the head of its column; controls are marked. */
  public static String heading(String method) {
    boolean control = Method.named(method).stream().anyMatch(known -> !known.isPretrained());
    return method + (control ? " (control)" : "");
  }

  /**
   * A cell in words.
   *
   * @param accuracy the mean, or that the cell was not run
   * @param significant see {@link RegimeRow}
   * @param rest the interval, the number of seeds if some are missing, and the paper's number
   */
  public record CellWords(String accuracy, boolean significant, String rest) {
    private String markdown() {
      return (significant ? "**" + accuracy + "**" : accuracy) + rest;
    }
  }

  /** A cell in words. */
  public CellWords words(String regime, String method) {
    String paper =
        protocol == Protocol.BEST
            ? ""
            : number(" (%.1f)", Paper.accuracy(data, regime, method).orElse(null));
    return row(regime, method)
        .map(row -> {
          String missing = row.seeds < seeds ? ", %s of %s seeds".formatted(row.seeds, seeds) : "";
          String rest = number(" ± %.1f", row.ci95) + missing + paper;
          return new CellWords(number("%.1f", row.mean), row.significant, rest);
        })
        .orElse(new CellWords("not run", false, paper));
  }

  /** Whether there are top-1 accuracies beside the top-5 ones of the table. */
  public boolean hasTop1() {
    return rows.stream().anyMatch(row -> row.top1 != null);
  }

  /** A top-1 accuracy beside a top-5 one in words; empty if it is not known. */
  public String top1InWords(String regime, String method) {
    return number("%.1f", row(regime, method).map(RegimeRow::top1).orElse(null));
  }

  /** The highest accuracy of the paper's methods in words, or nothing if it has none. */
  public String paperInWords(String regime) {
    return number("%.1f", Paper.best(data, regime).orElse(null));
  }

  /** Whether the paper's highest accuracies have a column of their own. */
  public boolean hasPaperColumn() {
    return protocol == Protocol.BEST
        && regimes.stream().anyMatch(regime -> Paper.best(data, regime).isPresent());
  }

  private static String number(String format, Double value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }

  /** What the numbers are. */
  public String note() {
    boolean best = protocol == Protocol.BEST;
    boolean paper =
        !best
            && regimes.stream()
                .anyMatch(
                    r -> methods.stream().anyMatch(m -> Paper.accuracy(data, r, m).isPresent()));
    return (classes == 0 ? "Test" : "Top-" + Accuracy.top(classes) + " test")
        + " accuracy in percent: mean over seeds ± half of its 95 % confidence interval"
        + (paper ? " (the paper's number)" : "")
        + (best
            ? ", by the protocol best: ridge regression on fixed features with self-training, but"
                + " for the control supervised. Bold: above chance, and better than each other"
                + " method of the table,"
            : ". Bold: above chance, and better than each other method of the paper,")
        + " at p = 0.05 by t-tests."
        + chance().map(part -> String.format(Locale.ROOT, " Chance: %.1f.", part)).orElse("");
  }

  /** As a Markdown table: a line for each regime, a column for each method. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    grid(text, (regime, method) -> words(regime, method).markdown());
    text.append('\n').append(note()).append('\n');
    if (hasTop1()) {
      text.append("\nTop-1 test accuracy in percent, mean over seeds:\n\n");
      grid(text, this::top1InWords);
    }
    return text.toString();
  }

  private void grid(StringBuilder text, BiFunction<String, String, String> cell) {
    text.append("| labels |").append(hasPaperColumn() ? " best of the paper |" : "");
    methods.forEach(method -> text.append(' ').append(heading(method)).append(" |"));
    int columns = methods.size() + (hasPaperColumn() ? 1 : 0);
    text.append("\n|---|").append("---|".repeat(columns)).append('\n');
    for (String regime : regimes) {
      text.append("| ").append(regime).append(" % |");
      if (hasPaperColumn()) {
        text.append(' ').append(paperInWords(regime)).append(" |");
      }
      methods.forEach(method -> text.append(' ').append(cell.apply(regime, method)).append(" |"));
      text.append('\n');
    }
  }
}
