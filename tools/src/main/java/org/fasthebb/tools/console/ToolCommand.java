package org.fasthebb.tools.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.fasthebb.models.io.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The base of all commands: their output, and how they refuse options. */
public abstract class ToolCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Standard output, for results. */
  public TerminalWriter out() {
    return new TerminalWriter(spec.commandLine().getOut());
  }

  /** Standard error, for progress. */
  public TerminalWriter err() {
    return new TerminalWriter(spec.commandLine().getErr());
  }

  /** Prints results as JSON, on one line of standard output. */
  public void printJson(Object results) {
    TerminalWriter out = out();
    out.raw(Json.line(results) + System.lineSeparator());
    out.flush();
  }

  /** Prints the results on standard output: as JSON on one line, or as text for people. */
  public void answer(boolean json, Object results, String text) {
    if (json) {
      printJson(results);
    } else {
      out().println(text);
      out().flush();
    }
  }

  /** Warns of something that does not stop the work, in one sentence without a full stop. */
  public void warn(String sentence) {
    err().println("warning: " + sentence + ".");
    err().flush();
  }

  /** Whether the command line has this option. */
  public boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  /** Prints the command's help. */
  public void showUsage() {
    spec.commandLine().usage(err());
  }

  /** Refuses the command line with {@code sentence} unless {@code fine}. */
  public void require(boolean fine, String sentence) {
    if (!fine) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }

  /** Refuses the command line if a file is to be written over one that is read. */
  public void requireOther(String option, Path written, Path read) {
    boolean same = false;
    try {
      same = Files.exists(written) && Files.exists(read) && Files.isSameFile(written, read);
    } catch (IOException e) {
      // It cannot be read, which is said when it is.
    }
    require(
        !same, option + " is " + written + ", the same file as " + read + "; name another file");
  }

  /** Refuses the command line if a web page is to be written where it cannot or should not lie. */
  public void requirePage(Path html) {
    requireName("--html", html, ".html");
  }

  /**
   * Refuses the command line if a file is to be written into a folder that does not exist, or under
   * a name that has none of these ends, or has nothing before it and so would be hidden.
   */
  public void requireName(String option, Path written, String... ends) {
    String name = String.valueOf(written.getFileName()).toLowerCase(Locale.ROOT);
    String is = option + " is " + written + "; its name must ";
    require(Stream.of(ends).anyMatch(name::endsWith), is + "end with " + Text.either(ends));
    require(Stream.of(ends).noneMatch(name::equals), is + "have something before the " + name);
    requireFolderOf(written);
  }

  /** Refuses the command line if a file is to be written into a folder that does not exist. */
  public void requireFolderOf(Path written) {
    Path folder = written.toAbsolutePath().getParent();
    require(
        Files.isDirectory(folder),
        "the folder " + folder + " of " + written + " does not exist; make it first");
  }
}
