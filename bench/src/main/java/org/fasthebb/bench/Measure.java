package org.fasthebb.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs one JMH benchmark in a JVM of its own. */
final class Measure {
  static final String VECTORS = "--add-modules=jdk.incubator.vector";
  static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

  /** Avoids a warning about how JMH inspects objects. */
  static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

  private final Class<?> benchmark;
  private final ChainedOptionsBuilder options;

  Measure(Class<?> benchmark, Map<String, Object> parameters) {
    this.benchmark = benchmark;
    options =
        new OptionsBuilder()
            .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    parameters.forEach((name, value) -> options.param(name, value.toString()));
  }

  /** Lets {@code threads} threads call the benchmark at once. */
  Measure callers(int threads) {
    options.threads(threads);
    return this;
  }

  /** Replaces the benchmark's own numbers of iterations. */
  Measure iterations(int warmup, int measured) {
    options.warmupIterations(warmup).measurementIterations(measured);
    return this;
  }

  /** Replaces the benchmark's own length of iterations. */
  Measure lasting(int milliseconds) {
    TimeValue time = TimeValue.milliseconds(milliseconds);
    options.warmupTime(time).measurementTime(time);
    return this;
  }

  /**
   * The results of a benchmark.
   *
   * @param seconds median over the iterations, or the seconds that the benchmark counts itself
   * @param bytes allocated per operation
   * @param counters the benchmark's own counters, by name
   */
  record Measured(double seconds, double bytes, Map<String, Double> counters) {
    /** The median of each number; of an even count the lower one of the two in the middle. */
    static Measured median(List<Measured> all) {
      int middle = (all.size() - 1) / 2;
      return new Measured(
          all.stream().mapToDouble(Measured::seconds).sorted().toArray()[middle],
          all.stream().mapToDouble(Measured::bytes).sorted().toArray()[middle],
          Map.of());
    }
  }

  Measured run() {
    Collection<RunResult> all;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      PrintStream out = new PrintStream(said, true, UTF_8);
      all =
          new Runner(
                  options.build(),
                  OutputFormatFactory.createFormatInstance(out, VerboseMode.NORMAL))
              .run();
    } catch (RunnerException e) {
      throw new IllegalStateException(
          benchmark.getSimpleName() + " failed: " + e.getMessage() + "\n" + said.toString(UTF_8),
          e);
    }
    RunResult only = all.iterator().next();
    Map<String, Double> counters = new LinkedHashMap<>();
    only.getSecondaryResults().forEach((name, result) -> counters.put(name, result.getScore()));
    double milliseconds = only.getPrimaryResult().getStatistics().getPercentile(50);
    double bytes = counters.getOrDefault("gc.alloc.rate.norm", 0.0);
    return new Measured(counters.getOrDefault("seconds", milliseconds / 1e3), bytes, counters);
  }
}
