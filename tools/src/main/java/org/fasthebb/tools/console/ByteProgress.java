package org.fasthebb.tools.console;

import java.util.List;
import java.util.function.LongSupplier;
import org.fasthebb.tools.download.Watcher;

/** Progress of a download, shown like {@link ConsoleProgress}. */
public final class ByteProgress implements Watcher, AutoCloseable {
  private final StatusLine status;
  private final Rate rate = new Rate();

  /**
   * Shows progress to people.
   *
   * @param live whether a line can be rewritten, as on a terminal
   * @param nanos a clock in nanoseconds
   */
  public ByteProgress(TerminalWriter err, boolean live, LongSupplier nanos) {
    status =
        new StatusLine(
            err,
            live,
            Terminal::columns,
            nanos,
            () -> "interrupted; run the same command again to continue");
  }

  @Override
  public void message(String text) {
    rate.clear();
    status.line(text);
  }

  @Override
  public void step(String phase, long done, long total) {
    rate.add(phase, status.now(), done);
    if (status.isDue()) {
      boolean isKnown = total > 0;
      status.show(
          List.of(
              phase,
              isKnown
                  ? Text.format("%.1f of %s", done / 1e6, Text.megabytes(total))
                  : Text.megabytes(done),
              rate.isKnown() ? Text.format("%.1f MB/s", rate.perSecond() / 1e6) : "",
              isKnown && rate.isKnown() ? rate.left(total) : ""),
          isKnown ? (double) done / total : Double.NaN);
    }
  }

  @Override
  public void close() {
    status.close();
  }
}
