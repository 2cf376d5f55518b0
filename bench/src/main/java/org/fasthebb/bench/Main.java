package org.fasthebb.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures, prints a row each, and writes them as JSON. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure how fast things are, each in a JVM of its own.",
    footer = {
      "",
      "gemm      matrix products: ours, OpenBLAS and MKL if they are there, EJML",
      "step      a pre-training step of the small network: both rules, fast and naive",
      "epoch     a pre-training epoch on 40,000 images, shuffling and whitening included;",
      "          the naive forms, and all with --quick, scaled up from fewer images",
      "finetune  a step of backprop",
      "",
      "To have OpenBLAS and MKL (180 MB): ./mvnw -Privals -pl bench -am package"
    })
final class Main implements Callable<Integer> {
  private static final List<String> SUITES = List.of("gemm", "step", "epoch", "finetune");
  private static final int BATCH = 64;
  private static final int EPOCH = 40_000;

  @Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "SUITE", description = "gemm, step, epoch, finetune. Default: all.")
  private List<String> suites = SUITES;

  @Option(names = "--quick", description = "Fewer rows and shorter runs: a minute for all.")
  private boolean quick;

  @Option(names = "--only", paramLabel = "NAME", description = "Rows of this name.")
  private String only;

  @Option(names = "--variant", paramLabel = "NAME", description = "Rows of this variant.")
  private String variant;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the rows to a file.")
  private Path json;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Default: as many as there are processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  private final List<Row> rows = new ArrayList<>();
  private double peak;

  private Main() {}

  /** The command line. */
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler((e, command, parsed) -> {
      command.getErr().println("fasthebb: " + e.getMessage() + ".");
      return 1;
    });
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() throws CheckpointException {
    for (String suite : suites) {
      if (!SUITES.contains(suite)) {
        throw new ParameterException(
            spec.commandLine(), "there is no suite " + suite + "; there are " + SUITES);
      }
    }
    if (threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads is " + threads + "; it must be at least 1");
    }
    peak =
        PeakBenchmark.WORK
            / new Measure(PeakBenchmark.class, Map.of()).callers(threads).run().seconds();
    System.out.printf(
        Locale.ROOT,
        "JDK %s, %s, %d of %d processors, FMA peak %.0f GFLOP/s per thread%n%s%n",
        Runtime.version(),
        System.getProperty("os.arch"),
        threads,
        Runtime.getRuntime().availableProcessors(),
        peak,
        Row.HEADER);
    for (String suite : suites) {
      switch (suite) {
        case "gemm" -> gemm();
        case "step" -> steps();
        case "epoch" -> epochs();
        default -> finetune();
      }
    }
    if (json != null) {
      Json.write(json.toAbsolutePath(), rows);
    }
    return 0;
  }

  private void gemm() {
    List<String> variants = new ArrayList<>(List.of("ours"));
    variants.addAll(Blas.present());
    if (!quick) {
      variants.add("ejml"); // seconds for a product
    }
    for (String product :
        quick ? GemmBenchmark.products().subList(0, 1) : GemmBenchmark.products()) {
      for (String whose : variants) {
        int used = whose.equals("ejml") ? 1 : threads;
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("product", product);
        parameters.put("variant", whose);
        parameters.put("threads", used);
        Measure measure = new Measure(GemmBenchmark.class, parameters);
        if (quick) {
          measure.iterations(3, 5).lasting(300);
        }
        add("gemm", product, whose, used, GemmBenchmark.work(product), 1, measure);
      }
    }
  }

  private void steps() {
    for (String rule : List.of("swta", "hpca")) {
      for (String form : List.of("fast", "naive")) {
        boolean naive = form.equals("naive");
        Measure measure = new Measure(StepBenchmark.class, step(rule, form));
        if (naive) {
          measure.iterations(quick ? 1 : 3, quick ? 1 : 10);
        } else if (quick) {
          measure.iterations(15, 15);
        }
        add("step", rule, form, threads, Work.pretraining(rule, BATCH), 1, measure);
      }
    }
  }

  private void epochs() {
    for (String rule : List.of("swta", "hpca")) {
      for (String form : quick ? List.of("fast") : List.of("fast", "naive")) {
        boolean naive = form.equals("naive");
        int images = naive ? 5 * BATCH : quick ? 15 * BATCH : EPOCH;
        Map<String, Object> parameters = step(rule, form);
        parameters.put("images", images);
        Measure measure = new Measure(EpochBenchmark.class, parameters);
        measure.iterations(1, 1);
        double work = Work.pretraining(rule, BATCH) * images / BATCH;
        add("epoch", rule, form, threads, work, (double) EPOCH / images, measure);
      }
    }
  }

  private void finetune() {
    Measure measure = new Measure(StepBenchmark.class, step("finetune", "fast"));
    if (quick) {
      measure.iterations(15, 15);
    }
    add("finetune", "backprop", "fast", threads, Work.backprop(BATCH), 1, measure);
  }

  private Map<String, Object> step(String step, String form) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("step", step);
    parameters.put("form", form);
    parameters.put("batch", BATCH);
    parameters.put("threads", threads);
    return parameters;
  }

  /** Measures and prints one row; {@code scale} of what is measured make up the row's operation. */
  private void add(
      String suite,
      String name,
      String form,
      int used,
      double work,
      double scale,
      Measure measure) {
    if ((only != null && !only.equals(name)) || (variant != null && !variant.equals(form))) {
      return;
    }
    Measure.Outcome outcome = measure.run();
    double gflops = work / outcome.seconds();
    double seconds = outcome.seconds() * scale;
    double bytes = outcome.bytes() * scale;
    Row row = new Row(suite, name, form, used, seconds, gflops, gflops / (peak * used), bytes);
    rows.add(row);
    System.out.println(row.line());
  }
}
