package org.fasthebb.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.network.Architecture;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The program {@code fasthebb bench}: measures, prints a row for each measurement, and writes all
 * rows as JSON.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure the speed of products, steps and epochs, each in a JVM of its own.",
    footer = {
      "",
      "gemm      matrix products: ours, OpenBLAS and MKL if they are there, EJML",
      "copy      a batch of images to the GPU and back",
      "step      a pre-training step on 64 images: both rules, fast and naive; with",
      "          --quick, naive steps are scaled up from 16 images; with",
      "          --architecture imagenet only fast ones, on 32 images",
      "epoch     a pre-training epoch on 40,000 images with shuffling and",
      "          validation, and its time relative to that of its steps alone;",
      "          naive forms, and all with --quick, are scaled up from fewer images",
      "finetune  a step of backprop on as many images",
      "retrieval the 10 nearest of 50,000 images for each of 10,000, by 4096",
      "          features; with --quick of 10,000 images for each of 1,000",
      "ladder    one matrix product as six programs, from three loops to the",
      "          engine's, each with the idea that it adds; only if asked for",
      "",
      "To have OpenBLAS and MKL (180 MB): ./mvnw -Privals -pl bench -am package"
    })
final class Bench implements Callable<Integer> {
  private static final List<String> SUITES =
      List.of("gemm", "copy", "step", "epoch", "finetune", "retrieval");
  private static final String LADDER = "ladder";
  private static final List<String> NETWORKS =
      List.of(Architecture.small().name(), Architecture.imagenet().name());
  private static final String LARGE = "square-4096";
  private static final int BATCH = 64;
  private static final int EPOCH = 40_000;
  private static final int MOST_SIDE = 8192;

  @Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      paramLabel = "SUITE",
      description =
          "Suites to run: gemm, copy, step, epoch, finetune, retrieval, ladder. Default: all but"
              + " ladder.")
  private List<String> suites = SUITES;

  @Option(
      names = "--quick",
      description = "Fewer rows and shorter runs: all suites in about a minute.")
  private boolean quick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Measure the variants of a matrix product in turn, N times each, and take medians. This"
              + " is fairer on a shared machine, whose speed changes. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--side",
      paramLabel = "N",
      defaultValue = "512",
      description = "Rows and columns of the matrices of ladder. Default: ${DEFAULT-VALUE}.")
  private int side;

  @Option(names = "--only", paramLabel = "NAME", description = "Measure only rows of this name.")
  private String only;

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      description = "Measure only rows of this variant.")
  private String variant;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description = "Network of step and finetune: small or imagenet. Default: small.")
  private String network = Architecture.small().name();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the rows to a file.")
  private Path json;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      split = ",",
      description =
          "cpu, cuda, cuda:1 for the second GPU, or cpu,cuda for both side by side. Default: cpu.")
  private List<String> devices = List.of("cpu");

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Number of threads. Default: one per processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  private boolean failed;
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Double> peaks = new LinkedHashMap<>();

  private Bench() {}

  /** The command line. */
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Bench());
    line.setExecutionExceptionHandler((e, command, parsed) -> {
      command.getErr().println("fasthebb: " + e.getMessage() + ".");
      return 1;
    });
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() {
    for (String suite : suites) {
      if (!SUITES.contains(suite) && !suite.equals(LADDER)) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no suite " + suite + "; there are " + SUITES + " and " + LADDER);
      }
    }
    if (threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads is " + threads + "; it must be at least 1");
    }
    if (rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds is " + rounds + "; it must be at least 1");
    }
    if (suites.contains(LADDER) && !devices.contains("cpu")) {
      throw new ParameterException(spec.commandLine(), "ladder runs on the CPU: --device cpu");
    }
    if (side < 1 || side > MOST_SIDE) {
      throw new ParameterException(
          spec.commandLine(), "--side is " + side + "; it must be from 1 to " + MOST_SIDE);
    }
    if (!NETWORKS.contains(network)) {
      throw new ParameterException(
          spec.commandLine(), "there is no network " + network + "; there are " + NETWORKS);
    }
    for (String device : devices) {
      if (!Devices.isName(device)) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no device " + device + "; there are cpu, cuda, cuda:1 ..");
      }
      Devices.open(device, threads).close(); // fails now if the device cannot be used
    }
    devices.forEach(device -> peaks.put(device, peak(device)));
    System.out.printf(
        Locale.ROOT,
        "JDK %s, %s, %d of %d processors, peak %s%n%s%n",
        Runtime.version(),
        System.getProperty("os.arch"),
        threads,
        Runtime.getRuntime().availableProcessors(),
        peaks.entrySet().stream()
            .map(e -> Bench.peak(e.getKey(), e.getValue()))
            .collect(Collectors.joining(", ")),
        Row.HEADER);
    for (String suite : suites) {
      for (String device : devices) {
        switch (suite) {
          case "gemm" -> gemm(device);
          case "copy" -> copies(device);
          case "step" -> steps(device);
          case "epoch" -> epochs(device);
          case "finetune" -> finetune(device);
          case LADDER -> ladder(device);
          default -> retrieval(device);
        }
      }
    }
    write();
    return failed ? 1 : 0;
  }

  /** Writes the rows so far, if a file is named: a run may be ended at any time. */
  private void write() {
    if (json != null) {
      try {
        Json.write(json.toAbsolutePath(), rows);
      } catch (CheckpointException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }
  }

  /** Measures a row, or prints why that failed, so that the others are measured all the same. */
  private Optional<Measure.Measured> tried(
      String suite, String name, String form, Supplier<Measure.Measured> measure) {
    try {
      return Optional.of(measure.get());
    } catch (RuntimeException e) {
      failed = true;
      System.out.printf(
          Locale.ROOT, "%-9s %-15s %s failed: %s%n", suite, name, form, e.getMessage());
      return Optional.empty();
    }
  }

  /** The peak in GFLOP/s: fused multiply-adds on one thread, or a large product on a GPU. */
  private double peak(String device) {
    if (device.equals("cpu")) {
      Measure fma = new Measure(PeakBenchmark.class, Map.of()).callers(threads);
      return PeakBenchmark.WORK / fma.run().seconds();
    }
    Map<String, Object> parameters = parameters(device);
    parameters.put("product", LARGE);
    parameters.put("variant", "ours");
    Measure large = new Measure(GemmBenchmark.class, parameters);
    return tried("peak", LARGE, "ours", large::run)
        .map(outcome -> GemmBenchmark.work(LARGE) / outcome.seconds())
        .orElse(Double.POSITIVE_INFINITY); // of which every row has the share 0
  }

  private static String peak(String device, double gflops) {
    String of =
        device.equals("cpu") ? "of a thread's multiply-adds" : "of a large product on " + device;
    return String.format(Locale.ROOT, "%.0f GFLOP/s %s", gflops, of);
  }

  private Map<String, Object> parameters(String device) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("device", device);
    parameters.put("threads", threads);
    return parameters;
  }

  private void gemm(String device) {
    List<String> variants = new ArrayList<>(List.of("ours"));
    if (device.equals("cpu")) {
      RivalBlas.present()
          .forEach(rival -> {
            variants.add(rival);
            System.out.println("          " + RivalBlas.description(rival));
          });
      if (!quick) {
        variants.add("ejml"); // takes seconds per product
      }
    }
    for (String product :
        quick ? GemmBenchmark.products().subList(0, 1) : GemmBenchmark.products()) {
      Map<String, List<Measure.Measured>> outcomes = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (String whose : variants) {
          if (isWanted(product, whose)) {
            tried("gemm", product, whose, product(product, whose, device)::run)
                .ifPresent(outcome ->
                    outcomes.computeIfAbsent(whose, _ -> new ArrayList<>()).add(outcome));
          }
        }
      }
      outcomes.forEach((whose, all) -> {
        double work = GemmBenchmark.work(product);
        int used = threadsOf(whose);
        add("gemm", product, whose, device, used, work, 1, () -> Measure.Measured.median(all));
      });
    }
  }

  private int threadsOf(String whose) {
    return whose.equals("ejml") ? 1 : threads;
  }

  private Measure product(String product, String whose, String device) {
    Map<String, Object> parameters = parameters(device);
    parameters.put("product", product);
    parameters.put("variant", whose);
    parameters.put("threads", threadsOf(whose));
    Measure measure = new Measure(GemmBenchmark.class, parameters);
    return quick ? measure.iterations(3, 5).lasting(300) : measure;
  }

  /** Measures copies, for a GPU only: the CPU computes in the memory that holds the images. */
  private void copies(String device) {
    if (device.equals("cpu")) {
      return;
    }
    for (String way : List.of("upload", "download")) {
      Map<String, Object> parameters = parameters(device);
      parameters.put("way", way);
      parameters.put("batch", BATCH);
      Measure measure = new Measure(CopyBenchmark.class, parameters);
      add("copy", "batch", way, device, threads, 0, 1, measure::run);
    }
  }

  private void steps(String device) {
    Architecture architecture = architecture();
    int batch = architecture.batch();
    for (String rule : List.of("swta", "hpca")) {
      // Naive steps of the large network take minutes.
      for (String form : isLarge() ? List.of("fast") : List.of("fast", "naive")) {
        boolean naive = form.equals("naive");
        int images =
            naive && quick
                ? batch / 4
                : batch; // the time of a naive step is proportional to the batch
        Measure measure = stepMeasure(device, rule, form, images);
        if (naive) {
          // A GPU allocates in the first step and records in the second.
          measure.iterations(quick && device.equals("cpu") ? 1 : 3, quick ? 1 : 10);
        }
        double scale = (double) batch / images;
        add(
            "step",
            rule,
            form,
            device,
            threads,
            Work.pretraining(architecture, rule, images),
            scale,
            measure::run);
      }
    }
  }

  private void epochs(String device) {
    for (String rule : List.of("swta", "hpca")) {
      for (String form : quick ? List.of("fast") : List.of("fast", "naive")) {
        boolean naive = form.equals("naive");
        int images = naive ? 5 * BATCH : quick ? 10 * BATCH : EPOCH;
        Map<String, Object> parameters = step(device, rule, form);
        parameters.put("images", images);
        Measure measure = new Measure(EpochBenchmark.class, parameters);
        measure.iterations(1, 1).lasting(1); // one epoch each
        double work = Work.pretraining(Architecture.small(), rule, BATCH) * images / BATCH;
        add("epoch", rule, form, device, threads, work, (double) EPOCH / images, measure::run);
      }
    }
  }

  private void finetune(String device) {
    int batch = architecture().batch();
    Measure measure = stepMeasure(device, "finetune", "fast", batch);
    double work = Work.backprop(architecture(), batch);
    add("finetune", "backprop", "fast", device, threads, work, 1, measure::run);
  }

  private void retrieval(String device) {
    int images = quick ? 10_000 : 50_000;
    int queries = quick ? 1_000 : 10_000;
    for (String distance : quick ? List.of("cosine") : List.of("cosine", "euclidean")) {
      Map<String, Object> parameters = parameters(device);
      parameters.put("images", images);
      parameters.put("queries", queries);
      parameters.put("distance", distance);
      Measure measure = new Measure(RetrievalBenchmark.class, parameters);
      measure.iterations(1, quick ? 3 : 1);
      String name = queries + "x" + images;
      double work = RetrievalBenchmark.work(queries, images);
      add("retrieval", name, distance, device, threads, work, 1, measure::run);
    }
  }

  /** Measures the programs of the ladder, for a CPU only: they use one thread of it. */
  private void ladder(String device) {
    if (!device.equals("cpu")) {
      return;
    }
    Ladder[] rungs = Ladder.values();
    for (int i = 0; i < rungs.length; i++) {
      Ladder rung = rungs[i];
      Measure measure =
          new Measure(LadderBenchmark.class, Map.of("rung", rung.name(), "side", side));
      if (quick) {
        measure.iterations(3, 3).lasting(300);
      }
      String name = (i + 1) + " of " + rungs.length;
      String form = rung.name().toLowerCase(Locale.ROOT).replace('_', '-');
      System.out.println("          " + rung.idea());
      add(LADDER, name, form, "cpu", 1, 2e-9 * side * side * side, 1, measure::run);
    }
  }

  private Map<String, Object> step(String device, String step, String form) {
    Map<String, Object> parameters = parameters(device);
    parameters.put("step", step);
    parameters.put("form", form);
    parameters.put("batch", BATCH);
    return parameters;
  }

  private Architecture architecture() {
    return Architecture.named(network).orElseThrow();
  }

  private boolean isLarge() {
    return !network.equals(Architecture.small().name());
  }

  private Measure stepMeasure(String device, String step, String form, int images) {
    Map<String, Object> parameters = step(device, step, form);
    parameters.put("architecture", network);
    parameters.put("batch", images);
    Measure measure = new Measure(StepBenchmark.class, parameters);
    if (isLarge()) {
      return measure.iterations(10, quick ? 5 : 15);
    }
    return quick
        ? measure.iterations(30, 11)
        : measure; // with fewer warm-ups, code is still being compiled
  }

  private boolean isWanted(String name, String form) {
    return (only == null || only.equals(name)) && (variant == null || variant.equals(form));
  }

  /** Measures and prints one row. The row's operation is {@code scale} times what is measured. */
  private void add(
      String suite,
      String name,
      String form,
      String device,
      int used,
      double work,
      double scale,
      Supplier<Measure.Measured> measure) {
    if (!isWanted(name, form)) {
      return;
    }
    Measure.Measured outcome = tried(suite, name, form, measure).orElse(null);
    if (outcome == null) {
      return;
    }
    double gflops = work / outcome.seconds();
    double seconds = outcome.seconds() * scale;
    double bytes = outcome.bytes() * scale;
    double share = gflops / (peaks.get(device) * (device.equals("cpu") ? used : 1));
    Row row = new Row(suite, name, form, device, used, seconds, gflops, share, bytes);
    rows.add(row);
    write();
    System.out.println(row.line());
    if (outcome.counters().containsKey("overSteps")) {
      System.out.printf(
          Locale.ROOT,
          "%-9s %-15s %.3f times its steps, %.3f with validation%n",
          suite,
          name,
          outcome.counters().get("overSteps"),
          outcome.counters().get("validatedOverSteps"));
    }
  }
}
