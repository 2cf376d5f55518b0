package org.fasthebb.tools.console;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.fasthebb.models.data.Inspection;

/** Progress of a check of images, shown like {@link ConsoleProgress}. */
public final class ConsoleCheckProgress implements Inspection.CheckProgress, AutoCloseable {
  private final StatusLine status;
  private final Rate rate = new Rate();

  /**
   * Shows progress to people.
   *
   * @param live whether a line can be rewritten, as on a terminal
   * @param nanos a clock in nanoseconds
   */
  public ConsoleCheckProgress(TerminalWriter err, boolean live, LongSupplier nanos) {
    status = new StatusLine(err, live, Terminal::columns, nanos, () -> "interrupted");
  }

  @Override
  public synchronized void checked(Path dir, int images, int of) {
    if (status.isDue()) {
      rate.add(dir.toString(), status.now(), images);
      status.show(
          List.of(
              "checking " + dir.getFileName(),
              Text.format("%,d/%,d images", images, of),
              rate.isKnown() ? Text.format("%,.0f images/s", rate.perSecond()) : "",
              rate.isKnown() ? rate.left(of) : ""),
          (double) images / of);
    }
  }

  @Override
  public void close() {
    status.close();
  }
}
