package org.fasthebb.bench;

import java.util.concurrent.TimeUnit;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
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

/** Copies a batch of images to the device or back, without any work on it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {Measure.VECTORS, Measure.UNSAFE, Measure.NATIVE})
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class CopyBenchmark {
  /** Direction: upload or download. */
  @Param({"upload"})
  public String way;

  /** What computes: cpu or cuda. */
  @Param({"cpu"})
  public String device;

  /** Images of 32 x 32 x 3. */
  @Param({"64"})
  public int batch;

  /** Threads. */
  @Param({"2"})
  public int threads;

  private Backend backend;
  private Tensor images;
  private float[] values;

  /** Made by JMH. */
  public CopyBenchmark() {}

  /** Makes the images. */
  @Setup
  public void setUp() {
    backend = Devices.open(device, threads);
    images = backend.zeros(batch, 32, 32, 3);
    values = new float[images.size()];
  }

  /** One complete copy. */
  @Benchmark
  public void copy() {
    if (way.equals("upload")) {
      images.write(values);
    } else {
      images.read(values);
    }
    backend.await();
  }

  /** Ends the backend. */
  @TearDown
  public void tearDown() {
    backend.close();
  }
}
