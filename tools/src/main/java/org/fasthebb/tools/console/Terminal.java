package org.fasthebb.tools.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine;

/** Standard error, and the terminal that it may be. */
public final class Terminal {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  /** Columns of a terminal that does not tell. */
  private static final int USUAL_COLUMNS = 80;

  /** The least and the most columns of help. */
  private static final int LEAST_HELP = 55;

  private static final int MOST_HELP = 200;

  private Terminal() {}

  /**
   * Gives standard error back to the program, if the launcher has put it aside.
   *
   * <p>The JVM warns at each start that the Vector API is incubating, and has no option to turn
   * that off. So the launcher starts it with another standard error, and says in a property under
   * which number the real one is open.
   */
  public static void takeStandardError() {
    Integer real = Integer.getInteger("fasthebb.stderr");
    if (real != null && !Libc.standardErrorIs(real)) {
      throw new IllegalStateException("fasthebb.stderr is " + real + ", which is no open file");
    }
  }

  /** The columns of the terminal now; people change the size of a window. */
  static int columns() {
    OptionalInt asked = columns(System.getenv("COLUMNS"));
    OptionalInt columns = asked.isPresent() ? asked : Libc.columns();
    return columns.isPresent() && columns.getAsInt() > 0 ? columns.getAsInt() : USUAL_COLUMNS;
  }

  /** The columns that a user asks for by this value of COLUMNS, if it is set to a number. */
  private static OptionalInt columns(String asked) {
    try {
      return OptionalInt.of(Math.max(1, Integer.parseInt(asked)));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /**
   * Wraps help as a value of COLUMNS asks for, else at the width of the terminal if there is one.
   */
  public static void wrapHelp(CommandLine program, String asked) {
    OptionalInt columns = columns(asked);
    program.setUsageHelpAutoWidth(columns.isEmpty());
    if (columns.isPresent()) {
      program.setUsageHelpWidth(Math.clamp(columns.getAsInt(), LEAST_HELP, MOST_HELP));
    }
  }

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
