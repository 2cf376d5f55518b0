package org.fasthebb.tools;

import java.util.Optional;
import org.fasthebb.engine.Backend;
import picocli.CommandLine.Option;

/** What computes: the CPU with some threads, or a GPU. */
public final class DeviceOptions {
  /** Kinds of devices. */
  enum Device {
    CPU,
    CUDA
  }

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      description =
          "cpu, or cuda for an NVIDIA GPU (see fasthebb doctor). Default: ${DEFAULT-VALUE}.")
  private Device device;

  @Option(
      names = "--tf32",
      description = "With --device cuda: products in TF32, faster and exact to about 1e-3.")
  private boolean tf32;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads to compute with; results are the same for any number. Default: one per"
              + " processor.")
  private Integer threads;

  private DeviceOptions() {}

  /** What is wrong with these options, in a sentence. */
  public Optional<String> problem() {
    if (threads != null && threads < 1) {
      return Optional.of("--threads is " + threads + "; it must be at least 1");
    }
    if (device == Device.CUDA && threads != null) {
      return Optional.of("--threads goes with --device cpu; a GPU has its own");
    }
    if (device == Device.CPU && tf32) {
      return Optional.of("--tf32 goes with --device cuda; the CPU has no such products");
    }
    return Optional.empty();
  }

  /**
   * The device.
   *
   * @throws IllegalStateException in one sentence, if there is no GPU to use
   */
  public Backend backend() {
    if (device == Device.CUDA) {
      return Backend.cuda(tf32);
    }
    return threads == null ? Backend.cpu() : Backend.cpu(threads);
  }

  /** Where the number of threads comes from. */
  String originOfThreads() {
    if (threads != null) {
      return "as --threads says";
    }
    return Integer.getInteger("fasthebb.threads") == null
        ? "one per processor; --threads sets another number"
        : "as -Dfasthebb.threads says";
  }
}
