package org.fasthebb.tools.console;

import java.nio.file.Path;
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
      String text = Text.format("checking %s  %,d/%,d images", dir.getFileName(), images, of);
      if (rate.isKnown()) {
        text += Text.format("  %,.0f images/s  %s", rate.perSecond(), rate.left(of));
      }
      status.show(text);
    }
  }

  @Override
  public void close() {
    status.close();
  }
}
