package org.fasthebb.tools.console;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The output of progress on standard error: lines that stay, and a status. On a terminal the status
 * is one line that is rewritten; elsewhere it is printed as a line from time to time.
 *
 * <p>While it is open, an interrupt (Ctrl-C or SIGTERM) prints how to continue.
 */
final class StatusLine implements AutoCloseable {
  private static final double SECONDS_BETWEEN_REWRITES = 0.2;
  private static final double SECONDS_BETWEEN_LINES = 10;
  private static final int SHORTEST_BAR = 5;
  private static final int LONGEST_BAR = 30;

  private final TerminalWriter err;
  private final boolean live;
  private final IntSupplier columns;
  private final LongSupplier nanos;
  private final Thread onInterrupt;
  private double lastShown;
  private boolean lineOpen;

  /**
   * Opens the status line.
   *
   * @param live whether a line can be rewritten, as on a terminal
   * @param columns of the terminal; the status never takes more, since a line that wraps around
   *     cannot be rewritten
   * @param nanos a clock in nanoseconds
   * @param farewell gives the line to print after an interrupt
   */
  StatusLine(
      TerminalWriter err,
      boolean live,
      IntSupplier columns,
      LongSupplier nanos,
      Supplier<String> farewell) {
    this.err = err;
    this.live = live;
    this.columns = columns;
    this.nanos = nanos;
    onInterrupt = new Thread(() -> line(farewell.get()));
    lastShown = now();
    Runtime.getRuntime().addShutdownHook(onInterrupt);
  }

  /** The time in seconds, from an arbitrary start. */
  double now() {
    return nanos.getAsLong() * 1e-9;
  }

  /** Whether it is time to show the status again. */
  synchronized boolean isDue() {
    return now() - lastShown >= (live ? SECONDS_BETWEEN_REWRITES : SECONDS_BETWEEN_LINES);
  }

  /**
   * Shows the status. On a terminal a bar fills what is left of the line; where there is too little
   * room, parts before the last give way, and then the end of the line.
   *
   * @param parts the first says what is done, the last is the most important of the others; empty
   *     ones are left out
   * @param done how much of the work is, from 0 to 1; NaN if that is not known
   */
  synchronized void show(List<String> parts, double done) {
    lastShown = now();
    List<String> shown = new ArrayList<>(parts);
    shown.removeIf(String::isEmpty);
    if (live) {
      // The last column stays free: there, some terminals go to the next line at once.
      int most = Math.max(1, columns.getAsInt() - 1);
      while (shown.size() > 1 && joined(shown).length() > most) {
        shown.remove(Math.max(1, shown.size() - 2));
      }
      String state = joined(shown);
      err.raw("\r");
      err.print(
          state.length() <= most
              ? state + bar(done, most - state.length())
              : state.substring(0, most));
      err.raw("\033[K");
      err.flush();
      lineOpen = true;
    } else {
      line(joined(shown));
    }
  }

  private static String joined(List<String> parts) {
    return String.join("  ", parts);
  }

  /** A bar with the gap before it, in so many columns at most; empty if that is too little. */
  private static String bar(double done, int columns) {
    int length = Math.min(LONGEST_BAR, columns - "  []".length());
    if (length < SHORTEST_BAR || Double.isNaN(done)) {
      return "";
    }
    int full = (int) (length * Math.clamp(done, 0, 1));
    return "  [" + "#".repeat(full) + ".".repeat(length - full) + "]";
  }

  /** Prints a line that stays and counts as a status, so the next one is not due for a while. */
  synchronized void showForGood(String line) {
    line(line);
    lastShown = now();
  }

  /** Prints a line that stays. */
  synchronized void line(String text) {
    clear();
    err.println(text);
    err.flush();
  }

  private void clear() {
    if (lineOpen) {
      err.raw("\r\033[K");
      err.flush();
      lineOpen = false;
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException e) {
      return; // the program is ending already
    }
    synchronized (this) {
      clear();
    }
  }
}
