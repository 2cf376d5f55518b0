package org.fasthebb.tools.option;

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

  public boolean json() {
    return json;
  }
}
