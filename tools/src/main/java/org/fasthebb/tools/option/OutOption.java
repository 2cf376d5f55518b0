package org.fasthebb.tools.option;

import java.nio.file.Path;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Option;

/** Where results go. */
public final class OutOption {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for the results; made if it is not there. Run again with the same options, what"
              + " is there is used, and a run that was cut off goes on. Default: a folder in runs/,"
              + " named after the options.")
  private Path out;

  private OutOption() {}

  /** The file system's own objection would come after the data is read. */
  public void check(ToolCommand command) {
    command.require(out == null || !out.toString().isEmpty(), "--out is empty; name a folder");
  }

  /** The folder, or a default one of this name. */
  public Path folder(String name) {
    return out == null ? Path.of("runs", name) : out;
  }
}
