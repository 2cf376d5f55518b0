package org.fasthebb.tools.console;

import java.util.List;
import java.util.function.LongSupplier;
import org.fasthebb.models.learn.Criterion;
import org.fasthebb.models.learn.Progress;

/**
 * Shows the progress of training with rate and remaining time. On a terminal it rewrites one line;
 * elsewhere it prints a line per epoch and occasional lines in between.
 */
public final class ConsoleProgress implements Progress, AutoCloseable {
  private final StatusLine status;
  private final Rate rate = new Rate();
  private long total;
  private String validation = "";

  /** When files last held all work, in seconds; not a number before they do. */
  private volatile double lastSave = Double.NaN;

  /**
   * Shows progress to people.
   *
   * @param live whether a line can be rewritten, as on a terminal
   * @param nanos a clock in nanoseconds
   */
  public ConsoleProgress(TerminalWriter err, boolean live, LongSupplier nanos) {
    status = new StatusLine(err, live, Terminal::columns, nanos, this::farewell);
  }

  /** What an interrupt costs. */
  String farewell() {
    return Double.isNaN(lastSave)
        ? "interrupted before the first save; the same command run again starts anew"
        : Text.format(
            "interrupted; run the same command again to continue from the last save, without the"
                + " work of the last %s",
            Text.seconds(status.now() - lastSave));
  }

  @Override
  public void saved() {
    lastSave = status.now();
  }

  @Override
  public void message(String text) {
    status.line(text);
  }

  @Override
  public void step(String phase, int epoch, int epochs, long done, long newTotal) {
    if (rate.add(phase, status.now(), done)) {
      validation = "";
    }
    total = newTotal;
    if (status.isDue()) {
      long images = total / epochs; // of one epoch
      status.show(
          List.of(
              phase,
              epochs == 1 ? "" : Text.format("epoch %d/%d", epoch, epochs),
              Text.format("%,d/%,d images", done - (epoch - 1) * images, images),
              validation.strip(),
              rateText(),
              rate.isKnown() ? rate.left(total) : ""),
          (double) done / total);
    }
  }

  @Override
  public void epoch(
      String phase, int epoch, int epochs, double loss, Criterion criterion, double value) {
    validation =
        switch (criterion) {
          case ACCURACY -> "  validation " + Text.percent(value);
          case LOSS -> Text.format("  validation loss %.3f", value);
          case NONE -> "";
        };
    String text = phase + "  epoch " + epoch + "/" + epochs + validation;
    if (loss > 0) {
      text += Text.format("  loss %.3f", loss);
    }
    status.showForGood(text + (epoch < epochs ? speed() : ""));
  }

  /** The recent rate and the remaining time; empty while they are unknown. */
  private String speed() {
    return rate.isKnown() ? "  " + rateText() + "  " + rate.left(total) : "";
  }

  private String rateText() {
    if (!rate.isKnown()) {
      return "";
    }
    double images = rate.perSecond();
    return Text.format(images < 10 ? "%.1f images/s" : "%,.0f images/s", images);
  }

  @Override
  public void close() {
    status.close();
  }
}
