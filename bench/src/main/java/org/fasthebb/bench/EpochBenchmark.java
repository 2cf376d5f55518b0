package org.fasthebb.bench;

import java.util.concurrent.TimeUnit;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.inputs.Batches;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.learn.Stepper;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.random.Rng;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An epoch of pre-training, as in a run of several epochs: shuffle the stored images, normalise
 * them (whitened images are kept from epoch to epoch), learn, and validate on a quarter as many
 * images.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {Measure.VECTORS, Measure.UNSAFE, Measure.NATIVE, "-XX:+UseSerialGC"})
public class EpochBenchmark {
  private static final int SIDE = 32;

  /** Steps per turn: the epoch and the steps for comparison take turns. */
  private static final int TURN = 25;

  /** Rule. */
  @Param({"hpca"})
  public String step;

  /** Form of the rule. */
  @Param({"fast"})
  public String form;

  /** Images per step. */
  @Param({"64"})
  public int batch;

  /** Images of the epoch. */
  @Param({"40000"})
  public int images;

  /** What computes: cpu or cuda. */
  @Param({"cpu"})
  public String device;

  /** Threads. */
  @Param({"2"})
  public int threads;

  private Backend backend;
  private Learner learner;
  private Stepper stepper;
  private DataLoader training;
  private DataLoader validation;
  private long epoch;

  /** Made by JMH. */
  public EpochBenchmark() {}

  /** Counters beside JMH's own time, which includes the steps for comparison. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counts {
    /** Seconds of the epoch, with validation. */
    public double seconds;

    /** Time of the epoch without validation, over the time of as many steps on one batch. */
    public double overSteps;

    /** Time of the epoch with validation, over the time of as many steps on one batch. */
    public double validatedOverSteps;

    /** Made by JMH. */
    public Counts() {}
  }

  /** Draws images, and makes a whitening with arbitrary values, which do not affect the time. */
  @Setup
  public void setUp() {
    backend = Devices.open(device, threads);
    learner = StepBenchmark.learner(backend, Architecture.small(), step, form);
    stepper = new Stepper(backend, learner, 10, batch, SIDE, SIDE, 3);
    DataSet data = Shapes.generate(images, Math.max(1, images / 4), 1);
    int s = SIDE * SIDE * 3;
    Zca zca = null;
    if (step.equals("swta")) {
      Tensor z = backend.zeros(s, s);
      for (int i = 0; i < s; i++) {
        z.slice(0, i, i + 1).slice(1, i, i + 1).fill(1);
      }
      zca = new Zca(SIDE, z);
    }
    Examples examples = Examples.all(data.train());
    ChannelStats stats = ChannelStats.of(data.train(), examples.indices());
    Preprocessing inputs = new Preprocessing(backend, stats, zca);
    training = DataLoader.kept(inputs, examples);
    validation = DataLoader.kept(inputs, Examples.all(data.test()));
  }

  /**
   * Runs the epoch, and as many steps on one batch for comparison. They take turns of some steps
   * each, so that other load on the machine slows down both.
   */
  @Benchmark
  public void epoch(Counts counts) {
    training.shuffle(new Rng(epoch++));
    double epochSeconds = 0;
    double stepSeconds = 0;
    int steps = 0;
    try (Batches batches = training.batches(0, batch, 2)) {
      for (boolean more = true; more; ) {
        long start = System.nanoTime();
        int turn = 0;
        while (turn < TURN && (more = batches.next())) {
          stepper.step(batches.labels(), batches::into, steps++);
          turn++;
        }
        backend.await();
        long middle = System.nanoTime();
        for (int i = 0; i < turn; i++) {
          stepper.step(batches.labels(), _ -> {}, steps);
        }
        backend.await();
        epochSeconds += (middle - start) * 1e-9;
        stepSeconds += (System.nanoTime() - middle) * 1e-9;
      }
    }
    long start = System.nanoTime();
    learner.validate(validation);
    counts.seconds = epochSeconds + (System.nanoTime() - start) * 1e-9;
    counts.overSteps = epochSeconds / stepSeconds;
    counts.validatedOverSteps = counts.seconds / stepSeconds;
  }

  /** Ends the backend's threads. */
  @TearDown
  public void tearDown() {
    backend.close();
  }
}
