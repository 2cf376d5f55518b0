package org.fasthebb.tools.search;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.Parameter;

/**
 * The points that a search evaluated, in order.
 *
 * @param rows one per point
 */
public record SearchTable(List<TrialRow> rows) {
  /**
   * A point.
   *
   * @param trial from 1
   * @param values by parameter
   * @param validation accuracy in percent, mean over seeds; null if training diverged
   * @param best whether this is the best point, or the earliest of equally good ones
   */
  record TrialRow(int trial, Map<String, BigDecimal> values, Double validation, boolean best) {}

  /** The table of trials in a space. */
  public static SearchTable of(Space space, List<CoordinateDescent.Trial> trials) {
    CoordinateDescent.Trial best = CoordinateDescent.best(trials).orElse(null);
    List<TrialRow> rows = new ArrayList<>();
    for (CoordinateDescent.Trial trial : trials) {
      Map<Parameter, BigDecimal> at = space.at(trial.point());
      Map<String, BigDecimal> values = new LinkedHashMap<>();
      space
          .axes()
          .forEach(axis -> values.put(axis.parameter().toString(), at.get(axis.parameter())));
      Double validation = Double.isNaN(trial.value()) ? null : 100 * trial.value();
      rows.add(new TrialRow(rows.size() + 1, values, validation, trial.equals(best)));
    }
    return new SearchTable(rows);
  }

  /** Comma-separated, with a header. */
  String csv() {
    StringBuilder csv = new StringBuilder("trial");
    names().forEach(name -> csv.append(',').append(name));
    csv.append(",validation,best\n");
    for (TrialRow row : rows) {
      csv.append(row.trial);
      row.values.values().forEach(value -> csv.append(',').append(value.toPlainString()));
      csv.append(',').append(row.validation == null ? "" : Text.format("%.2f", row.validation));
      csv.append(',').append(row.best).append('\n');
    }
    return csv.toString();
  }

  /**
   * As a Markdown table, with the best accuracy in bold if it is above chance.
   *
   * @param aboveChance whether an accuracy in percent is above that of guessing
   */
  public String markdown(DoublePredicate aboveChance) {
    StringBuilder text = new StringBuilder("| trial |");
    names().forEach(name -> text.append(' ').append(name).append(" |"));
    text.append(" validation, % |\n|").append("---|".repeat(names().size() + 2)).append('\n');
    for (TrialRow row : rows) {
      text.append("| ").append(row.trial).append(" |");
      row.values
          .values()
          .forEach(value -> text.append(' ').append(value.toPlainString()).append(" |"));
      text.append(' ').append(accuracy(row, aboveChance)).append(" |\n");
    }
    return text.toString();
  }

  private static String accuracy(TrialRow row, DoublePredicate aboveChance) {
    if (row.validation == null) {
      return "diverged";
    }
    String number = Text.format("%.1f", row.validation);
    return row.best && aboveChance.test(row.validation) ? "**" + number + "**" : number;
  }

  private List<String> names() {
    return rows.isEmpty() ? List.of() : List.copyOf(rows.getFirst().values.keySet());
  }
}
