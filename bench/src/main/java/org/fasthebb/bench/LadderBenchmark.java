package org.fasthebb.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.fasthebb.engine.Backend;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One rung of the {@link Ladder}: a square matrix product on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {Measure.VECTORS, Measure.UNSAFE, "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LadderBenchmark {
  /** The program, by its name in {@link Ladder}. */
  @Param({"ENGINE"})
  public String rung;

  /** Rows and columns of the matrices. */
  @Param({"512"})
  public int side;

  private Backend cpu;
  private Runnable product;

  /** Made by JMH. */
  public LadderBenchmark() {}

  /** Makes the matrices. */
  @Setup
  public void setUp() {
    cpu = Backend.cpu(1);
    product =
        Ladder.valueOf(rung).on(cpu, side, side, side, random(1, side), random(2, side)).run();
  }

  private static float[] random(int seed, int side) {
    Random random = new Random(seed);
    float[] values = new float[side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }

  /** One product. */
  @Benchmark
  public void multiply() {
    product.run();
  }

  /** Ends the backend. */
  @TearDown
  public void tearDown() {
    cpu.close();
  }
}
