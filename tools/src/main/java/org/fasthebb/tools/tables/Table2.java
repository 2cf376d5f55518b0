package org.fasthebb.tools.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fasthebb.models.protocol.Method;

/**
 * The paper's Table 2: test accuracy by share of labels and method, over seeds.
 *
 * @param rows by regime and method, in the order of the cells
 * @param classes of the data; 0 in files written before this was kept
 */
public record Table2(List<RegimeRow> rows, int classes) {
  /** Checks that there are rows, even if none. */
  public Table2 {
    Objects.requireNonNull(rows, "rows are missing");
  }

  /** The paper's methods, which are compared for being significantly best; controls are not. */
  private static final Set<String> COMPETING = Set.of("vae", "swta", "hpca");

  /**
   * A cell, averaged over seeds.
   *
   * @param data name of the data set
   * @param regime labels in percent
   * @param method rule or control
   * @param seeds number of seeds
   * @param mean test accuracy in percent
   * @param ci95 half the width of its 95 % confidence interval, or null for one seed
   * @param paper the paper's accuracy in percent, or null
   * @param significant whether it is above chance and better than every other method of the paper
   *     in this regime, at p = 0.05 by the paired t-test over common seeds
   */
  public record RegimeRow(
      String data,
      String regime,
      String method,
      int seeds,
      double mean,
      Double ci95,
      Double paper,
      boolean significant) {
    /** The mean as text. */
    public String meanInWords() {
      return String.format(Locale.ROOT, "%.1f", mean);
    }

    /** The text after the mean: the interval and the paper's number, if there are any. */
    public String restInWords() {
      String interval = ci95 == null ? "" : String.format(Locale.ROOT, " ± %.1f", ci95);
      return interval + (paper == null ? "" : String.format(Locale.ROOT, " (%.1f)", paper));
    }

    /** Half the width of the interval, or 0 if it is not known. */
    public double width() {
      return ci95 == null ? 0 : ci95;
    }

    private String markdown() {
      return (significant ? "**" + meanInWords() + "**" : meanInWords()) + restInWords();
    }
  }

  /** An image counts as right if its class is among this many best guesses, as in the paper. */
  public static int guesses(int classes) {
    return classes > 10 ? 5 : 1;
  }

  /** The accuracy of guessing in percent, if the number of classes is known. */
  public Optional<Double> chance() {
    return classes == 0 ? Optional.empty() : Optional.of(100.0 * guesses(classes) / classes);
  }

  /** The table of the cells so far of data with some number of classes. */
  public static Table2 of(String data, int classes, List<Cell> cells) {
    double chance = 100.0 * guesses(classes) / classes;
    Map<String, Map<String, Map<Long, Double>>> sorted = new LinkedHashMap<>();
    for (Cell cell : cells) {
      sorted
          .computeIfAbsent(cell.regime(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(cell.method(), _ -> new TreeMap<>())
          .put(cell.seed(), 100 * cell.accuracy());
    }
    List<RegimeRow> rows = new ArrayList<>();
    sorted.forEach((regime, methods) ->
        methods.forEach((method, seeds) -> {
          double[] values = values(seeds, seeds.keySet());
          rows.add(
              new RegimeRow(
                  data,
                  regime,
                  method,
                  values.length,
                  Sample.mean(values),
                  values.length < 2 ? null : Sample.halfWidth(values),
                  Paper.accuracy(data, regime, method).orElse(null),
                  isBest(method, methods) && isAbove(values, chance)));
        }));
    return new Table2(rows, classes);
  }

  private static boolean isBest(String method, Map<String, Map<Long, Double>> methods) {
    if (!COMPETING.contains(method)) {
      return false;
    }
    List<String> others =
        methods.keySet().stream()
            .filter(other -> COMPETING.contains(other) && !other.equals(method))
            .toList();
    return !others.isEmpty()
        && others.stream().allMatch(other -> isAbove(methods.get(method), methods.get(other)));
  }

  private static boolean isAbove(double[] values, double chance) {
    double[] guesses = new double[values.length];
    Arrays.fill(guesses, chance);
    return Sample.isAbove(values, guesses);
  }

  private static boolean isAbove(Map<Long, Double> a, Map<Long, Double> b) {
    Set<Long> common =
        a.keySet().stream()
            .filter(b::containsKey)
            .collect(Collectors.toCollection(java.util.TreeSet::new));
    return Sample.isAbove(values(a, common), values(b, common));
  }

  private static double[] values(Map<Long, Double> seeds, Set<Long> which) {
    return which.stream().mapToDouble(seeds::get).toArray();
  }

  /** Comma-separated, with a header. */
  public String csv() {
    StringBuilder csv =
        new StringBuilder("dataset,regime,method,seeds,mean,ci95,paper,significant\n");
    for (RegimeRow row : rows) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%s,%s,%s,%d,%.2f,%s,%s,%s%n",
              row.data,
              row.regime,
              row.method,
              row.seeds,
              row.mean,
              row.ci95 == null ? "" : String.format(Locale.ROOT, "%.2f", row.ci95),
              row.paper == null ? "" : String.format(Locale.ROOT, "%.2f", row.paper),
              row.significant));
    }
    return csv.toString();
  }

  /** The name of the data set; empty without rows. */
  public String data() {
    return rows.isEmpty() ? "" : rows.getFirst().data;
  }

  /** The regimes, in order. */
  public List<String> regimes() {
    return rows.stream().map(RegimeRow::regime).distinct().toList();
  }

  /** The methods, in order. */
  public List<String> methods() {
    return rows.stream().map(RegimeRow::method).distinct().toList();
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

  /** What the numbers are. */
  public String note() {
    boolean five = guesses(classes) == 5;
    return (five ? "Top-5 test" : "Test")
        + " accuracy in percent: mean over seeds ± half of its 95 % confidence interval"
        + (rows.stream().anyMatch(row -> row.paper != null) ? " (the paper's number)" : "")
        + ". Bold: above chance, and better than each other method of the paper,"
        + " at p = 0.05 by t-tests."
        + chance().map(part -> String.format(Locale.ROOT, " Chance: %.1f.", part)).orElse("");
  }

  /** As a Markdown table: a line for each regime, a column for each method. */
  public String markdown() {
    StringBuilder text = new StringBuilder("| labels |");
    methods().forEach(method -> text.append(' ').append(heading(method)).append(" |"));
    text.append("\n|---|").append("---|".repeat(methods().size())).append('\n');
    for (String regime : regimes()) {
      text.append("| ").append(regime).append(" % |");
      methods()
          .forEach(method ->
              text.append(' ')
                  .append(row(regime, method).map(RegimeRow::markdown).orElse(""))
                  .append(" |"));
      text.append('\n');
    }
    return text.append('\n').append(note()).append('\n').toString();
  }
}
