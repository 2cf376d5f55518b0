package org.fasthebb.tools.option;

import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Options: what computes, the CPU with a number of threads or a GPU. */
public final class DeviceOptions {
  private static final List<String> WIDTHS = List.of("scalar", "128", "256", "512");

  /** Kinds of devices. */
  enum DeviceKind {
    CPU,
    CUDA;

    /** Reads a device's name. */
    static final class DeviceConverter extends Choice<DeviceKind> {
      private DeviceConverter() {
        super(List.of(values()), Text::name);
      }
    }

    /** The name on the command line, which a shell completes. */
    @Override
    public String toString() {
      return Text.name(this);
    }
  }

  /** More threads than any machine has processors: each takes memory and time to start. */
  private static final int MOST_THREADS = 1024;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      converter = DeviceKind.DeviceConverter.class,
      description =
          "Compute on cpu, or on cuda, an NVIDIA GPU (see fasthebb doctor). Default:"
              + " ${DEFAULT-VALUE}.")
  private DeviceKind device;

  @Option(
      names = "--tf32",
      description =
          "With --device cuda: multiply in TF32, which is faster but only exact to about 1e-3.")
  private boolean tf32;

  @Option(
      names = "--threads",
      paramLabel = "N",
      converter = ThreadsConverter.class,
      description =
          "Number of threads, at most "
              + MOST_THREADS
              + "; results are the same for any number. Default: one per processor.")
  private Integer threads;

  @Option(
      names = "--kernels",
      paramLabel = "WIDTH",
      description =
          "Width of vectors in bits: 128, 256 or 512, or scalar for none. It decides on the order"
              + " of sums, and so on the last bits of results. Default: the processor's.")
  private String kernels;

  /** Reads the number of threads. */
  static final class ThreadsConverter implements ITypeConverter<Integer> {
    private ThreadsConverter() {}

    @Override
    public Integer convert(String text) {
      return new NumberConverter<>("a whole number from 1 to " + MOST_THREADS, Integer::valueOf)
          .convert(text);
    }
  }

  private DeviceOptions() {}

  /** Refuses options that do not fit each other. */
  public void check(ToolCommand command) {
    command.require(
        kernels == null || WIDTHS.contains(kernels),
        "--kernels is '" + kernels + "'; use one of " + String.join(", ", WIDTHS));
    command.require(
        device == DeviceKind.CPU || kernels == null,
        "--kernels goes with --device cpu; a GPU has its own");
    command.require(
        threads == null || (threads >= 1 && threads <= MOST_THREADS),
        "--threads is " + threads + "; it must be from 1 to " + MOST_THREADS);
    command.require(
        device == DeviceKind.CPU || threads == null,
        "--threads goes with --device cpu; a GPU has its own");
    command.require(
        device == DeviceKind.CUDA || !tf32,
        "--tf32 goes with --device cuda; the CPU does not have TF32");
  }

  /**
   * Opens the device.
   *
   * @throws IllegalStateException in one sentence, if there is no GPU to use, or no such kernels
   */
  public Backend backend() {
    if (device == DeviceKind.CUDA) {
      return Backend.cuda(tf32);
    }
    if (kernels != null) {
      System.setProperty("fasthebb.kernels", kernels); // before the engine reads it, once
    }
    Backend cpu = threads == null ? Backend.cpu() : Backend.cpu(threads);
    if (kernels != null && !cpu.kernels().equals(kernels)) {
      String why = cpu.describe();
      cpu.close();
      throw new IllegalStateException(
          "--kernels "
              + kernels
              + " is not possible here; leave it out, or choose one that is no wider than: "
              + why);
    }
    return cpu;
  }

  /** The options that decide on the bits of results, as words of a command line. */
  public List<String> words() {
    if (device == DeviceKind.CPU) {
      return kernels == null ? List.of() : List.of("--kernels", kernels);
    }
    return tf32 ? List.of("--device", "cuda", "--tf32") : List.of("--device", "cuda");
  }

  /** Where the number of threads comes from. */
  public String originOfThreads() {
    if (threads != null) {
      return "as --threads says";
    }
    return Integer.getInteger("fasthebb.threads") == null
        ? "one per processor; --threads sets another number"
        : "as -Dfasthebb.threads says";
  }
}
