package org.fasthebb.tools;

import org.fasthebb.engine.Backend;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to compute, and how to answer. */
final class ComputeOptions {
  @Mixin private DeviceOptions device;

  @Option(
      names = "--json",
      description = "Print the results as JSON, on the last line of standard output.")
  private boolean json;

  private ComputeOptions() {}

  void check(ToolCommand command) {
    command.check(device);
  }

  Backend backend() {
    return device.backend();
  }

  boolean json() {
    return json;
  }
}
