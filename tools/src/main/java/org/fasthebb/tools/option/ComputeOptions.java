package org.fasthebb.tools.option;

import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options: what computes, and how results are printed. */
public final class ComputeOptions {
  @Mixin private DeviceOptions device;

  @Option(
      names = "--json",
      description = "Print the results as JSON, on the last line of standard output.")
  private boolean json;

  private ComputeOptions() {}

  public void check(ToolCommand command) {
    device.check(command);
  }

  public Backend backend() {
    return device.backend();
  }

  /** The options that decide on the bits of results, as words of a command line. */
  public List<String> words() {
    return device.words();
  }

  public boolean json() {
    return json;
  }
}
