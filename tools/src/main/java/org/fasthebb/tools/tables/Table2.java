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
import java.util.function.Function;
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
 * @param labelSets that every seed is to have, but for all labels; 0 if that is not known
 * @param protocol how the labels were learned; null in files written before there was a choice
 */
public record Table2(
    List<RegimeRow> rows,
    int classes,
    String data,
    List<String> regimes,
    List<String> methods,
    int seeds,
    int labelSets,
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

  /** How many sets of labels a regime has: all labels are one set, whatever the table's number. */
  public static int labelSets(String regime, int labelSets) {
    return Double.parseDouble(regime) >= 100 ? 1 : labelSets;
  }

  /**
   * What a method has more than its control with the same read-out.
   *
   * @param control the other method
   * @param mean the mean difference in points, over the networks or sets of labels that both have
   * @param ci95 half the width of its 95 % confidence interval, or null for one difference
   * @param significant whether it is over 0, at p = 0.05 by the paired t-test
   */
  public record Gain(String control, double mean, Double ci95, boolean significant) {}

  /**
   * A cell, averaged over seeds and sets of labels.
   *
   * @param data name of the data
   * @param regime labels in percent
   * @param method rule or control
   * @param seeds number of seeds
   * @param runs number of seeds times sets of labels; 0 in files written before there were sets
   * @param mean test accuracy in percent: top-5 if there are over ten classes, else top-1
   * @param ci95 half the width of its 95 % confidence interval, or null for one seed
   * @param paper the paper's accuracy in percent, or null; by the protocol best the highest of its
   *     methods
   * @param significant whether it is above chance and better than every other method of the paper
   *     (by the protocol best, of the table) in this regime, at p = 0.05 by the paired t-test over
   *     common seeds, or over the sets of labels of the only one
   * @param top1 mean top-1 accuracy in percent, if that is not {@code mean} and all seeds have it
   * @param gain over its control, or null if that was not run, and by the paper's protocol
   */
  public record RegimeRow(
      String data,
      String regime,
      String method,
      int seeds,
      int runs,
      double mean,
      Double ci95,
      Double paper,
      boolean significant,
      Double top1,
      Gain gain) {
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
   * @param labelSets that every seed is to have
   * @param protocol how the labels were learned
   */
  public static Table2 of(
      String data,
      int classes,
      List<Cell> cells,
      List<String> regimes,
      List<String> methods,
      int seeds,
      int labelSets,
      Protocol protocol) {
    List<RegimeRow> rows = new ArrayList<>();
    for (String regime : regimes) {
      Map<String, Runs> ran = new LinkedHashMap<>();
      for (String method : methods) {
        List<Cell> ofMethod = some(cells, regime, method);
        if (!ofMethod.isEmpty()) {
          ran.put(method, new Runs(ofMethod, seeds));
        }
      }
      for (String method : ran.keySet()) {
        Double top1 = top1(classes, some(cells, regime, method));
        rows.add(row(data, classes, regime, method, ran, protocol, top1));
      }
    }
    return new Table2(rows, classes, data, regimes, methods, seeds, labelSets, protocol);
  }

  private static List<Cell> some(List<Cell> cells, String regime, String method) {
    return cells.stream()
        .filter(cell -> cell.regime().equals(regime) && cell.method().equals(method))
        .toList();
  }

  private static Double top1(int classes, List<Cell> cells) {
    boolean known = cells.stream().allMatch(cell -> cell.top1() != null);
    return Accuracy.top(classes) == 5 && known
        ? Sample.mean(cells.stream().mapToDouble(cell -> 100 * cell.top1()).toArray())
        : null;
  }

  private static RegimeRow row(
      String data,
      int classes,
      String regime,
      String method,
      Map<String, Runs> ofRegime,
      Protocol protocol,
      Double top1) {
    boolean best = protocol == Protocol.BEST;
    Collection<String> competing = best ? ofRegime.keySet() : COMPETING;
    Runs runs = ofRegime.get(method);
    double[] values = runs.values();
    return new RegimeRow(
        data,
        regime,
        method,
        runs.seeds(),
        runs.size(),
        Sample.mean(values),
        values.length < 2 ? null : Sample.halfWidth(values),
        (best ? Paper.best(data, regime) : Paper.accuracy(data, regime, method)).orElse(null),
        isBest(method, ofRegime, competing) && isAbove(values, chance(classes)),
        top1,
        best ? gain(method, ofRegime) : null);
  }

  private static Gain gain(String method, Map<String, Runs> ofRegime) {
    return Method.named(method)
        .filter(Method::isPretrained)
        .map(known -> known.counterpart().name())
        .filter(ofRegime::containsKey)
        .map(control -> ofRegime.get(method).gainOver(ofRegime.get(control), control))
        .orElse(null);
  }

  private static boolean isBest(
      String method, Map<String, Runs> methods, Collection<String> competing) {
    if (!competing.contains(method)) {
      return false;
    }
    List<String> others =
        methods.keySet().stream()
            .filter(other -> competing.contains(other) && !other.equals(method))
            .toList();
    return !others.isEmpty()
        && others.stream().allMatch(other -> methods.get(method).isAbove(methods.get(other)));
  }

  private static boolean isAbove(double[] values, double chance) {
    double[] guesses = new double[values.length];
    Arrays.fill(guesses, chance);
    return Sample.isAbove(values, guesses);
  }

  /**
   * Comma-separated, with a header; the column top1 is there if the mean is of top-5 accuracy, and
   * the last five if the protocol is not the paper's.
   */
  public String csv() {
    boolean five = Accuracy.top(classes) == 5;
    StringBuilder csv =
        new StringBuilder("dataset,regime,method,seeds,mean,ci95,paper,significant");
    csv.append(five ? ",top1" : "")
        .append(protocol == Protocol.PAPER ? "\n" : ",runs,control,gain,gain_ci95,protocol\n");
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
              protocol == Protocol.PAPER ? "" : gainCsv(row) + "," + protocol));
    }
    return csv.toString();
  }

  private static String gainCsv(RegimeRow row) {
    Gain gain = row.gain;
    return ","
        + row.runs
        + ","
        + (gain == null ? ",," : gain.control + ",")
        + (gain == null ? "" : number("%.2f", gain.mean) + "," + number("%.2f", gain.ci95));
  }

  /** The row of a regime and a method, if there is one yet. */
  public Optional<RegimeRow> row(String regime, String method) {
    return rows.stream()
        .filter(row -> row.regime.equals(regime) && row.method.equals(method))
        .findFirst();
  }

  /** Whether the paper's highest accuracies stand for themselves, beside no method. */
  public boolean hasBestOfPaper() {
    return protocol == Protocol.BEST
        && regimes.stream().anyMatch(regime -> Paper.best(data, regime).isPresent());
  }

  static String number(String format, Double value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }
}
