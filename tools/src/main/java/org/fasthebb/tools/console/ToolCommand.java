package org.fasthebb.tools.console;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.fasthebb.models.io.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The base of all commands: their output, and how they refuse options. */
public abstract class ToolCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Standard output, for results. */
  public PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Standard error, for progress. */
  public PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Prints the results on standard output: as JSON on one line, or as text for people. */
  public void answer(boolean json, Object results, String text) {
    out().println(json ? Json.line(results) : text);
    out().flush();
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
}
