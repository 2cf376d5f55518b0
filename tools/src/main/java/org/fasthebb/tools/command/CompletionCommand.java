package org.fasthebb.tools.command;

import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script for the shell. */
@Command(
    name = "completion",
    description = "Print a script that lets a shell complete commands, options and values.",
    footer = {
      "",
      "Example, for one session, in the folder of the program:",
      "  eval \"$(./fasthebb completion bash)\""
    })
public final class CompletionCommand extends ToolCommand {
  /** Shells that the script is for. */
  public enum Shell {
    BASH,
    ZSH;

    /** The name on the command line, which a shell completes. */
    @Override
    public String toString() {
      return Text.name(this);
    }
  }

  @SuppressWarnings("unused") // checked by picocli; one script serves both
  @Parameters(
      paramLabel = "SHELL",
      arity = "0..1",
      description = "bash or zsh; they read the same script.")
  private Shell shell;

  @Spec private CommandSpec spec;

  private CompletionCommand() {}

  @Override
  public Integer call() {
    CommandLine program = spec.root().commandLine();
    out().print(AutoComplete.bash(program.getCommandName(), program));
    out().flush();
    return 0;
  }
}
