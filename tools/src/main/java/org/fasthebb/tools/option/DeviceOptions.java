package org.fasthebb.tools.option;

import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.DeviceProvider;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Options: what computes, the CPU with a number of threads or a GPU. */
public final class DeviceOptions {
  private static final List<String> KINDS = List.of("cpu", "cuda");
  private static final Pattern GPU = Pattern.compile("cuda:(\\d{1,4})");
  private static final List<String> WIDTHS = List.of("scalar", "128", "256", "512");

  /** Reads a device's name: cpu, cuda or cuda with the number of a GPU. */
  static final class DeviceConverter extends Choice<String> {
    private DeviceConverter() {
      super(KINDS, name -> name);
    }

    @Override
    public String convert(String text) {
      return GPU.matcher(text).matches() ? text : super.convert(text);
    }
  }

  /** The names of devices that a shell completes. */
  static final class DeviceNames implements Iterable<String> {
    private DeviceNames() {}

    @Override
    public Iterator<String> iterator() {
      return KINDS.iterator();
    }
  }

  /** More threads than any machine has processors: each takes memory and time to start. */
  private static final int MOST_THREADS = 1024;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      converter = DeviceConverter.class,
      completionCandidates = DeviceNames.class,
      description =
          "Compute on cpu, or on cuda, the first NVIDIA GPU that is new enough, or on cuda:1, the"
              + " GPU of that number (see fasthebb doctor). Default: ${DEFAULT-VALUE}.")
  private String device;

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

  private boolean isCpu() {
    return device.equals("cpu");
  }

  private int number() {
    Matcher named = GPU.matcher(device);
    return named.matches() ? Integer.parseInt(named.group(1)) : DeviceProvider.FIRST;
  }

  /** Refuses options that do not fit each other. */
  public void check(ToolCommand command) {
    command.require(
        kernels == null || WIDTHS.contains(kernels),
        "--kernels is '" + kernels + "'; use one of " + String.join(", ", WIDTHS));
    command.require(
        isCpu() || kernels == null, "--kernels goes with --device cpu; a GPU has its own");
    command.require(
        threads == null || (threads >= 1 && threads <= MOST_THREADS),
        "--threads is " + threads + "; it must be from 1 to " + MOST_THREADS);
    command.require(
        isCpu() || threads == null, "--threads goes with --device cpu; a GPU has its own");
    command.require(
        !isCpu() || !tf32, "--tf32 goes with --device cuda; the CPU does not have TF32");
  }

  /**
   * Opens the device.
   *
   * @throws IllegalStateException in one sentence, if there is no GPU to use, or no such kernels
   */
  public Backend backend() {
    if (!isCpu()) {
      return Backend.cuda(number(), tf32);
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
    if (isCpu()) {
      return kernels == null ? List.of() : List.of("--kernels", kernels);
    }
    return tf32 ? List.of("--device", device, "--tf32") : List.of("--device", device);
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
