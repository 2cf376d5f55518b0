package org.fasthebb.tools.command;

import java.util.List;
import org.fasthebb.tools.console.Suggestion;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the help of a command, as its option --help does. */
@Command(
    name = "help",
    description = "Print the help of a command, as its option --help does.",
    footer = {"", "Examples:", "  ./fasthebb help run", "  ./fasthebb help data pack"})
public final class HelpCommand extends ToolCommand {
  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "The command, and a command in it. Default: the program.")
  private List<String> words = List.of();

  @Spec private CommandSpec spec;

  private HelpCommand() {}

  @Override
  public Integer call() {
    CommandLine command = spec.root().commandLine();
    for (String word : words) {
      CommandLine inside = command.getSubcommands().get(word);
      require(
          inside != null,
          command.getCommandSpec().qualifiedName()
              + " has no command '"
              + word
              + "'"
              + Suggestion.of(word, command.getSubcommands().keySet()));
      command = inside;
    }
    out().print(command.getUsageMessage());
    out().flush();
    return 0;
  }
}
