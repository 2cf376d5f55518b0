package org.fasthebb.tools.console;

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

  /** Shows the status. */
  synchronized void show(String state) {
    lastShown = now();
    if (live) {
      // The last column stays free: there, some terminals go to the next line at once.
      int most = Math.max(1, columns.getAsInt() - 1);
      err.raw("\r");
      err.print(state.length() <= most ? state : state.substring(0, most));
      err.raw("\033[K");
      err.flush();
      lineOpen = true;
    } else {
      line(state);
    }
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
