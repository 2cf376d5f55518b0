package org.fasthebb.tools;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.fasthebb.models.train.Criterion;
import org.fasthebb.models.train.Progress;

/**
 * Progress with rate and remaining time: one line that is rewritten on a terminal, else a line per
 * epoch and now and then one in between.
 *
 * <p>While it is open, an interrupt (Ctrl-C, or a polite kill) says how to go on.
 */
final class ConsoleProgress implements Progress, AutoCloseable {
  private static final double SECONDS_BETWEEN_REWRITES = 0.2;
  private static final double SECONDS_BETWEEN_LINES = 10;

  /** The rate is that of the last so many seconds. */
  private static final double WINDOW = 20;

  private record Sample(double time, long done) {}

  private final PrintWriter err;
  private final boolean live;
  private final LongSupplier nanos;
  private final Thread onInterrupt = new Thread(this::interrupted);
  private final Deque<Sample> samples = new ArrayDeque<>();
  private String phase = "";
  private double lastShown;
  private long total;
  private String validation = "";
  private boolean lineOpen;

  /**
   * Progress for people.
   *
   * @param live whether a line can be rewritten
   * @param nanos a clock
   */
  ConsoleProgress(PrintWriter err, boolean live, LongSupplier nanos) {
    this.err = err;
    this.live = live;
    this.nanos = nanos;
    lastShown = now();
    Runtime.getRuntime().addShutdownHook(onInterrupt);
  }

  private double now() {
    return nanos.getAsLong() * 1e-9;
  }

  @Override
  public synchronized void message(String text) {
    line(text);
  }

  @Override
  public synchronized void step(String newPhase, int epoch, int epochs, long done, long newTotal) {
    double time = now();
    if (!newPhase.equals(phase)) {
      phase = newPhase;
      samples.clear();
      validation = "";
    }
    total = newTotal;
    samples.addLast(new Sample(time, done));
    while (samples.size() > 2 && time - samples.getFirst().time > WINDOW) {
      samples.removeFirst();
    }
    double pause = live ? SECONDS_BETWEEN_REWRITES : SECONDS_BETWEEN_LINES;
    if (time - lastShown < pause) {
      return;
    }
    lastShown = time;
    String text =
        Text.format(
            "%s  epoch %d/%d  %,d/%,d images%s%s",
            phase, epoch, epochs, done, total, speed(), validation);
    if (live) {
      err.print("\r" + text + "\033[K");
      err.flush();
      lineOpen = true;
    } else {
      line(text);
    }
  }

  @Override
  public synchronized void epoch(
      String newPhase, int epoch, int epochs, double loss, Criterion criterion, double value) {
    validation =
        criterion == Criterion.ACCURACY
            ? "  validation " + Text.percent(value)
            : Text.format("  validation loss %.3f", value);
    String text = newPhase + "  epoch " + epoch + "/" + epochs + validation;
    if (loss > 0) {
      text += Text.format("  loss %.3f", loss);
    }
    line(text + (epoch < epochs ? speed() : ""));
    lastShown = now();
  }

  /** Recent rate and remaining time, or nothing as long as they are unknown. */
  private String speed() {
    if (samples.size() < 2) {
      return "";
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    double rate = (last.done - first.done) / Math.max(1e-9, last.time - first.time);
    return Text.format(rate < 10 ? "  %.1f images/s" : "  %,.0f images/s", rate)
        + Text.format("  %s left", Text.clock((total - last.done) / Math.max(1e-9, rate)));
  }

  private void line(String text) {
    err.println((lineOpen ? "\r\033[K" : "") + text);
    err.flush();
    lineOpen = false;
  }

  private synchronized void interrupted() {
    line("interrupted; the same command goes on from the last save");
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException e) {
      return; // the program is ending already
    }
    synchronized (this) {
      if (lineOpen) {
        err.print("\r\033[K");
        err.flush();
        lineOpen = false;
      }
    }
  }
}
