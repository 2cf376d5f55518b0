package org.fasthebb.tools.console;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.fasthebb.models.io.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What commands have in common: where they write, and how they refuse options. */
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

  /** Answers on standard output: with results on one line for programs, or with text for people. */
  public void answer(boolean json, Object results, String text) {
    out().println(json ? Json.line(results) : text);
    out().flush();
  }

  /** Prints what the command is for. */
  public void showUsage() {
    spec.commandLine().usage(err());
  }

  /** Refuses the command line with a sentence, unless {@code fine}. */
  public void require(boolean fine, String sentence) {
    if (!fine) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }
}
