package org.fasthebb.tools.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether standard error is a terminal. */
public final class Terminal {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /** Whether a line on standard error can be rewritten. */
  public static boolean isLive() {
    String kind = System.getenv("TERM");
    if ("dumb".equals(kind)) {
      return false;
    }
    // Java's console covers only standard input and output; on Linux, /proc covers standard error.
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
