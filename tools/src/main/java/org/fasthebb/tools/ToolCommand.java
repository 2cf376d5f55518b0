package org.fasthebb.tools;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.fasthebb.models.io.Json;
import org.fasthebb.tools.search.Parameter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What commands have in common: where they write, and how they refuse options. */
abstract class ToolCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Standard output, for results. */
  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Standard error, for progress. */
  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Answers on standard output: with results on one line for programs, or with text for people. */
  void answer(boolean json, Object results, String text) {
    out().println(json ? Json.line(results) : text);
    out().flush();
  }

  /** Prints what the command is for. */
  void showUsage() {
    spec.commandLine().usage(err());
  }

  /** Refuses options that do not fit each other. */
  void check(DeviceOptions device) {
    device.problem().ifPresent(sentence -> require(false, sentence));
  }

  /** Refuses a value that an option of this name cannot have. */
  void require(Parameter option, Number value) {
    require(
        option.accepts(value.doubleValue()),
        "--" + option + " is " + value + "; it must be " + option.range());
  }

  /** Refuses the command line with a sentence, unless {@code fine}. */
  void require(boolean fine, String sentence) {
    if (!fine) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }
}
