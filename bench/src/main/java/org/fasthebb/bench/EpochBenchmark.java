package org.fasthebb.bench;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.inputs.Batches;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.learn.Stepper;
import org.fasthebb.models.random.Rng;
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

/** An epoch of pre-training from stored images on: shuffle, normalise, whiten (soft-WTA), learn. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {Measure.VECTORS, Measure.UNSAFE, Measure.NATIVE, "-XX:+UseSerialGC"})
public class EpochBenchmark {
  private static final int SIDE = 32;

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
  private Stepper stepper;
  private DataLoader batches;
  private long epoch;

  /** Made by JMH. */
  public EpochBenchmark() {}

  /** Makes images of noise, and any whitening: its values do not matter here. */
  @Setup
  public void setUp() {
    backend = Devices.open(device, threads);
    Learner trainee = StepBenchmark.trainee(backend, step, form);
    stepper = new Stepper(backend, trainee, 10, batch, SIDE, SIDE, 3);
    byte[] pixels = new byte[images * SIDE * SIDE * 3];
    new Random(1).nextBytes(pixels);
    ImageSet set = new ImageSet(SIDE, SIDE, 3, List.of("noise"), pixels, new int[images]);
    int s = SIDE * SIDE * 3;
    Zca zca = null;
    if (step.equals("swta")) {
      Tensor z = backend.zeros(s, s);
      for (int i = 0; i < s; i++) {
        z.slice(0, i, i + 1).slice(1, i, i + 1).fill(1);
      }
      zca = new Zca(SIDE, z);
    }
    double[] half = {0.5, 0.5, 0.5};
    Preprocessing inputs = new Preprocessing(backend, new ChannelStats(half, half), zca);
    batches = DataLoader.once(inputs, Examples.all(set));
  }

  /** The epoch. */
  @Benchmark
  public void epoch() {
    batches.shuffle(new Rng(epoch));
    try (Batches pass = batches.batches(0, batch, 1)) {
      for (int number = 0; pass.next(); number++) {
        stepper.step(pass.labels(), pass::into, number);
      }
    }
    backend.await();
    epoch++;
  }

  /** Ends the backend's threads. */
  @TearDown
  public void tearDown() {
    backend.close();
  }
}
