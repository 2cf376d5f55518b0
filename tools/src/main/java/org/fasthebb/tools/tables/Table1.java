package org.fasthebb.tools.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The paper's Table 1: how long pre-training takes.
 *
 * @param rows by method
 */
public record Table1(List<MethodRow> rows) {
  /** Checks that there are rows, even if none. */
  public Table1 {
    Objects.requireNonNull(rows, "rows are missing");
  }

  /** The names of the columns of {@link #words}. */
  public static final List<String> COLUMNS =
      List.of("method", "steps timed", "epoch, s", "epochs", "total, s", "speed-up");

  /**
   * The row of a method.
   *
   * @param data name of the data set
   * @param method a rule in its naive form, or with -fh in its fast one
   * @param epochSeconds of one epoch, without validation
   * @param steps number of steps that were timed
   * @param stepsOfEpoch number of steps in an epoch
   * @param epochs until validation stops improving
   * @param measuredEpochs whether {@code epochs} is our own result; else it is the paper's
   */
  public record MethodRow(
      String data,
      String method,
      double epochSeconds,
      int steps,
      int stepsOfEpoch,
      double epochs,
      boolean measuredEpochs) {
    /** The time of all epochs, in seconds. */
    double totalSeconds() {
      return epochSeconds * epochs;
    }

    /** Whether the epoch is scaled up from fewer steps. */
    boolean isExtrapolated() {
      return steps < stepsOfEpoch;
    }
  }

  /** The name of the data set; empty without rows. */
  public String data() {
    return rows.isEmpty() ? "" : rows.getFirst().data;
  }

  /** How many times faster a fast form is than its naive form; empty for others. */
  public Optional<Double> speedup(MethodRow row) {
    if (!row.method.endsWith("-fh")) {
      return Optional.empty();
    }
    String naive = row.method.substring(0, row.method.length() - 3);
    return rows.stream()
        .filter(other -> other.method.equals(naive))
        .map(other -> other.epochSeconds / row.epochSeconds)
        .findFirst();
  }

  /** The same ratio for the paper's durations. */
  public static Optional<Double> paperSpeedup(MethodRow row) {
    if (!row.method.endsWith("-fh")) {
      return Optional.empty();
    }
    String naive = row.method.substring(0, row.method.length() - 3);
    Optional<Double> slow = Paper.epochSeconds(row.data, naive);
    return Paper.epochSeconds(row.data, row.method).flatMap(fast -> slow.map(s -> s / fast));
  }

  private static String number(String format, Optional<Double> value) {
    return value.map(v -> String.format(Locale.ROOT, format, v)).orElse("");
  }

  /** Comma-separated, with a header. */
  public String csv() {
    StringBuilder csv =
        new StringBuilder(
            "dataset,method,epoch_seconds,epochs,total_seconds,speedup,steps,steps_of_epoch\n");
    for (MethodRow row : rows) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%s,%s,%.3f,%.1f,%.3f,%s,%d,%d%n",
              row.data,
              row.method,
              row.epochSeconds,
              row.epochs,
              row.totalSeconds(),
              number("%.2f", speedup(row)),
              row.steps,
              row.stepsOfEpoch));
    }
    return csv.toString();
  }

  /** A row of the table, with the paper's numbers in brackets; {@link #note} explains the signs. */
  public List<String> words(MethodRow row) {
    return List.of(
        row.method,
        String.format(Locale.ROOT, "%,d of %,d", row.steps, row.stepsOfEpoch),
        String.format(Locale.ROOT, "%.1f", row.epochSeconds)
            + (row.isExtrapolated() ? " *" : "")
            + number(" (%.0f)", Paper.epochSeconds(row.data, row.method)),
        String.format(Locale.ROOT, "%.1f", row.epochs)
            + (row.measuredEpochs ? "" : " †")
            + number(" (%.0f)", Paper.epochs(row.data, row.method)),
        String.format(Locale.ROOT, "%.0f", row.totalSeconds()),
        number("%.1f", speedup(row)) + number(" (%.1f)", paperSpeedup(row)));
  }

  /** The explanation of the signs in {@link #words}. */
  public String note() {
    List<String> sentences = new ArrayList<>();
    boolean paper = rows.stream().anyMatch(row -> Paper.epochs(row.data, row.method).isPresent());
    if (paper) {
      sentences.add("In brackets: the paper, on an RTX 3060.");
    }
    if (rows.stream().anyMatch(MethodRow::isExtrapolated)) {
      sentences.add("* scaled up from the steps that were timed to all steps of an epoch.");
    }
    if (rows.stream().anyMatch(row -> !row.measuredEpochs)) {
      sentences.add(
          (paper ? "† the paper's number of epochs" : "† not known, so taken as 1")
              + "; ours comes from a Table 2 in the same folder.");
    }
    return String.join(" ", sentences);
  }

  /** As a Markdown table. */
  public String markdown() {
    StringBuilder text = new StringBuilder(line(COLUMNS));
    text.append("|---".repeat(COLUMNS.size())).append("|\n");
    rows.forEach(row -> text.append(line(words(row))));
    return text.append('\n').append(note()).append('\n').toString().replace("*", "\\*");
  }

  private static String line(List<String> words) {
    return "| " + String.join(" | ", words) + " |\n";
  }
}
