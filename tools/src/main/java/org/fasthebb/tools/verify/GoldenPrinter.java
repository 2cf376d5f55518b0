package org.fasthebb.tools.verify;

import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints cases as a table, one line each, and counts them. */
public final class GoldenPrinter {
  private static final String ROW = "%-42s %9s %9s  %-7s  %s%n";

  private final PrintWriter out;
  private final Map<CaseResult.Verdict, Integer> counts = new EnumMap<>(CaseResult.Verdict.class);

  public GoldenPrinter(PrintWriter out) {
    this.out = out;
    out.printf(Locale.ROOT, ROW, "case", "error", "limit", "", "tensors");
  }

  /** Prints one line for each case. */
  public void print(List<CaseResult> results) {
    for (CaseResult result : results) {
      CaseResult.Verdict outcome = result.outcome();
      counts.merge(outcome, 1, Integer::sum);
      out.printf(
          Locale.ROOT,
          ROW,
          result.name(),
          outcome == CaseResult.Verdict.SKIPPED ? "-" : number(result.error()),
          outcome == CaseResult.Verdict.SKIPPED ? "-" : number(result.tolerance()),
          // Capitals make failures stand out.
          outcome == CaseResult.Verdict.FAILED ? "FAILED" : outcome.name().toLowerCase(Locale.ROOT),
          result.detail());
    }
    out.flush();
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1e", value) : "" + value;
  }

  /** Prints the last line, with the counts. */
  public void printSummary() {
    out.printf(
        Locale.ROOT,
        "%d cases: %d ok, %d failed, %d skipped%n",
        counts.values().stream().mapToInt(Integer::intValue).sum(),
        count(CaseResult.Verdict.OK),
        count(CaseResult.Verdict.FAILED),
        count(CaseResult.Verdict.SKIPPED));
    out.flush();
  }

  /** The number of cases with this verdict so far. */
  public int count(CaseResult.Verdict outcome) {
    return counts.getOrDefault(outcome, 0);
  }
}
