package org.fasthebb.tools.console;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.CheckpointException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

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
    String sentence =
        e instanceof UnmatchedArgumentException unmatched
            ? unknown(unmatched.getUnmatched().getFirst(), e.getCommandLine())
            : withoutStop(e.getMessage());
    say(err, sentence + " (see " + name + " --help)");
    return USAGE;
  }

  /** Says that a word is no command, no option or one word too many, and what may be meant. */
  private static String unknown(String word, CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    if (word.startsWith("-")) {
      String option = word.split("=", 2)[0];
      return name + " has no option '" + option + "'" + meant(option, command);
    }
    var commands = command.getSubcommands().keySet();
    return commands.isEmpty()
        ? name + " does not know what to do with '" + word + "'; is it the value of an option?"
        : name + " has no command '" + word + "'" + Suggestion.of(word, commands);
  }

  /** What option may be meant: one of this command, or else one of a command in it. */
  private static String meant(String option, CommandLine command) {
    List<String> known =
        command.getCommandSpec().options().stream()
            .flatMap(each -> Stream.of(each.names()))
            .toList();
    String here = Suggestion.of(option, known);
    return !here.isEmpty()
        ? here
        : command.getSubcommands().values().stream()
            .map(inside ->
                meant(option, inside)
                    .replace("mean -", "mean " + inside.getCommandSpec().qualifiedName() + " -"))
            .filter(words -> !words.isEmpty())
            .findFirst()
            .orElse("");
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
      case InvalidPathException path -> "the file name " + impossible(path);
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
              "not enough memory: %s, with a heap of at most %s; set FASTHEBB_JAVA_OPTS=-Xmx... to"
                  + " give more, or take less at a time: a smaller --batch or, for features,"
                  + " fewer means of each map (--pool)",
              e.getMessage(), Text.memory(Runtime.getRuntime().maxMemory()));
      default -> "unexpected: " + withoutStop(e.toString()) + "; --verbose shows where";
    };
  }

  /** Says that a name cannot be that of a file, and why. */
  public static String impossible(InvalidPathException path) {
    String name = "'" + path.getInput() + "' ";
    if (path.getInput().indexOf(0) >= 0) {
      return name + "has a zero byte, which no file name can have";
    }
    return locale().equals(StandardCharsets.UTF_8)
        ? name + "has characters that are no letters (" + path.getReason() + "); rename the file"
        : name
            + "has letters that the locale, of "
            + locale()
            + ", cannot write; set LC_ALL=C.UTF-8";
  }

  /** The character set of file names. */
  private static Charset locale() {
    return Charset.forName(System.getProperty("sun.jnu.encoding"));
  }

  private static void say(PrintWriter err, String sentence) {
    TerminalWriter shown = new TerminalWriter(err);
    String plain = withoutStop(sentence);
    shown.println("fasthebb: " + plain + (plain.endsWith("?") ? "" : "."));
    shown.flush();
  }

  /** The sentence on one line, without its full stop. */
  private static String withoutStop(String sentence) {
    String line = sentence.strip().replaceAll("\\s*\\R\\s*", " ");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
