package org.fasthebb.bench;

import static org.fasthebb.engine.Contraction.contractInto;

import java.util.concurrent.TimeUnit;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.Network;
import org.openjdk.jmh.annotations.AuxCounters;
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

/** The contractions of the small network's layers, batch 64, and a square one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {"--add-modules=jdk.incubator.vector", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ContractionBenchmark {
  /** Which product: square, or pass and layer. */
  @Param({
    "square",
    "forward conv1",
    "forward conv2",
    "forward conv3",
    "forward conv4",
    "forward fc5",
    "update conv1",
    "update conv2",
    "update conv3",
    "update conv4",
    "update fc5"
  })
  public String product;

  private Backend backend;
  private Tensor a;
  private Tensor b;
  private Tensor out;
  private String spec;
  private double gigaflop;

  /** Adds GFLOP/s to the output. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Rate {
    /** 10^9 floating point operations done; JMH divides by the time. */
    public double gigaflops;

    /** Made by JMH. */
    public Rate() {}
  }

  /** Made by JMH. */
  public ContractionBenchmark() {}

  /** Makes the operands. */
  @Setup
  public void setUp() {
    backend = Backend.cpu();
    int size = 1536;
    Tensor image =
        switch (product.substring(product.indexOf(' ') + 1)) {
          case "conv1" -> random(64, 32, 32, 3);
          case "conv2" -> random(64, 14, 14, 96);
          case "conv3" -> random(64, 12, 12, 128);
          case "conv4" -> random(64, 5, 5, 192);
          case "fc5" -> random(64, 3, 3, 256);
          default -> random(size, 1, 1, size);
        };
    int n =
        switch (product.substring(product.indexOf(' ') + 1)) {
          case "conv1" -> 96;
          case "conv2" -> 128;
          case "conv3" -> 192;
          case "conv4" -> 256;
          case "fc5" -> 4096;
          default -> size;
        };
    int kernel = product.endsWith("conv1") ? 5 : product.equals("square") ? 1 : 3;
    Tensor x = image.patches(kernel, kernel);
    if (product.startsWith("update")) {
      spec = "bn,bs->ns";
      a = random(x.size(0), n);
      b = x;
      out = backend.zeros(n, x.size(1));
    } else {
      spec = "bs,ns->bn";
      a = x;
      b = random(n, x.size(1));
      out = backend.zeros(x.size(0), n);
    }
    gigaflop = 2e-9 * x.size(0) * x.size(1) * n;
  }

  private Tensor random(int... shape) {
    return Network.uniform(backend, shape.length, 1, shape);
  }

  /** One product. */
  @Benchmark
  public Tensor contract(Rate rate) {
    rate.gigaflops += gigaflop;
    return contractInto(out, spec, a, b);
  }

  /** Ends the backend's threads. */
  @TearDown
  public void tearDown() {
    backend.close();
  }
}
