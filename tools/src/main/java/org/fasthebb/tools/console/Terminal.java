package org.fasthebb.tools.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody watches standard error. */
public final class Terminal {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /** Whether a line on standard error can be rewritten. */
  public static boolean isLive() {
    String kind = System.getenv("TERM");
    if ("dumb".equals(kind)) {
      return false;
    }
    // The console knows about standard input and output only; Linux can tell the three apart.
    try {
      if (Files.exists(STANDARD_ERROR)) {
        String name = Files.readSymbolicLink(STANDARD_ERROR).toString();
        return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty");
      }
    } catch (IOException e) {
      return false;
    }
    return System.console().isTerminal();
  }
}
