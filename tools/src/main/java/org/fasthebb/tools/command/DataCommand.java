package org.fasthebb.tools.command;

import org.fasthebb.tools.console.Failures;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Command;

/** The commands for data sets. */
@Command(
    name = "data",
    footer = {
      "",
      "Examples:",
      "  ./fasthebb data get cifar10 --data-dir DIR",
      "  ./fasthebb data check photos",
      "  ./fasthebb data pack photos --out packs/photos"
    },
    description = "Download data sets, check folders of images, and pack them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DataGetCommand.class, DataCheckCommand.class, DataPackCommand.class})
public final class DataCommand extends ToolCommand {
  private DataCommand() {}

  @Override
  public Integer call() {
    showUsage();
    return Failures.USAGE;
  }
}
