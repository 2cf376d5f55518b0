package org.fasthebb.tools.console;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.CheckpointException;
import picocli.CommandLine.ParameterException;

/** Turns failures into one sentence on standard error and an exit code. */
public final class Failures {
  /** Exit code: the work failed. */
  public static final int FAILED = 1;

  /** Exit code: the command line is wrong. */
  public static final int USAGE = 2;

  private Failures() {}

  /** Reports a wrong command line; returns the exit code. */
  public static int usage(ParameterException e) {
    PrintWriter err = e.getCommandLine().getErr();
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    say(err, withoutStop(e.getMessage()) + " (see " + name + " --help)");
    return USAGE;
  }

  /** Reports a failure of the work; returns the exit code. */
  public static int failed(Throwable e, boolean verbose, PrintWriter err) {
    say(err, sentence(e));
    if (verbose) {
      e.printStackTrace(err);
      err.flush();
    }
    return FAILED;
  }

  /** Whether all that was printed has reached standard output. */
  public static boolean isWritten(PrintWriter out) {
    // Both must be asked: each notices what goes wrong, but neither throws.
    return !out.checkError() && !System.out.checkError();
  }

  /** Reports that standard output is lost; returns the exit code. */
  public static int lost(PrintWriter err) {
    say(
        err,
        "cannot write all of the results to standard output, because its disk is full or the"
            + " program that reads it has ended; run the same command again with another output");
    return FAILED;
  }

  private static String sentence(Throwable e) {
    return switch (e) {
      case UncheckedIOException io -> sentence(io.getCause());
      case DataException _,
          CheckpointException _,
          IllegalArgumentException _,
          IllegalStateException _
          when e.getMessage() != null ->
          e.getMessage();
      case InternalError _ when String.valueOf(e.getMessage()).contains("unsafe memory access") ->
          "a data file became shorter while it was read, or its disk failed; wait until it is"
              + " written, and run again";
      case OutOfMemoryError _ ->
          Text.format(
              "not enough memory: %s, with a heap of at most %s; use a smaller --batch, or set"
                  + " FASTHEBB_JAVA_OPTS=-Xmx... to give more",
              e.getMessage(), Text.gib(Runtime.getRuntime().maxMemory()));
      default -> "unexpected: " + withoutStop(e.toString()) + "; --verbose shows where";
    };
  }

  private static void say(PrintWriter err, String sentence) {
    err.println("fasthebb: " + withoutStop(sentence) + ".");
    err.flush();
  }

  /** The sentence on one line, without its full stop. */
  private static String withoutStop(String sentence) {
    String line = sentence.strip().replaceAll("\\s*\\R\\s*", " ");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
