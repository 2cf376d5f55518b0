package org.fasthebb.tools;

import org.fasthebb.engine.Backend;
import picocli.CommandLine.Option;

/** How many threads compute. */
final class ThreadsOption {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads to compute with; results are the same for any number. Default: one per"
              + " processor.")
  private Integer threads;

  private ThreadsOption() {}

  void check(ToolCommand command) {
    command.require(
        threads == null || threads >= 1, "--threads is " + threads + "; it must be at least 1");
  }

  Backend backend() {
    return threads == null ? Backend.cpu() : Backend.cpu(threads);
  }

  /** Where the number comes from. */
  String origin() {
    if (threads != null) {
      return "as --threads says";
    }
    return Integer.getInteger("fasthebb.threads") == null
        ? "one per processor; --threads sets another number"
        : "as -Dfasthebb.threads says";
  }
}
