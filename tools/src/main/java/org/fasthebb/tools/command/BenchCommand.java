package org.fasthebb.tools.command;

import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Stands in help for the benchmarks, which the launcher starts as a program of their own. */
@Command(
    name = "bench",
    footer = {"", "Example:", "  ./fasthebb bench --quick"},
    description = "Measure how fast products, steps and epochs are here; see bench --help.")
public final class BenchCommand extends ToolCommand {
  @SuppressWarnings("unused") // any arguments get the sentence below as the answer
  @Unmatched
  private String[] arguments;

  private BenchCommand() {}

  @Override
  public Integer call() {
    require(false, "bench is a program of its own; start it by the launcher: ./fasthebb bench");
    return 0;
  }
}
