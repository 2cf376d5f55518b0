package org.fasthebb.bench;

import static org.fasthebb.engine.Contraction.contractInto;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Neurons;
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

/**
 * Matrix products: a square one, and those of the small network's layers at batch 64. Our engine
 * reads patches from the images; the other libraries get the finished patch matrix.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {
      Measure.VECTORS,
      Measure.UNSAFE,
      Measure.NATIVE,
      "-XX:+UseSerialGC",
      "-Xmx3g"
    })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
public class GemmBenchmark {
  private static final int BATCH = 64;

  /**
   * The product: square-1536 or with another side; or forward or update of a layer, such as
   * forward-conv1.
   */
  @Param({"square-1536"})
  public String product;

  /** Whose product: ours, openblas, mkl or ejml (one thread). */
  @Param({"ours"})
  public String variant;

  /** What computes: cpu or cuda. */
  @Param({"cpu"})
  public String device;

  /** Threads. */
  @Param({"2"})
  public int threads;

  private Backend backend;
  private Runnable multiply;

  /** Made by JMH. */
  public GemmBenchmark() {}

  /** All products, the square one first. */
  static List<String> products() {
    List<String> names = new ArrayList<>(List.of("square-1536"));
    for (Work.Convolved layer : Work.layers(Architecture.small(), BATCH)) {
      names.add("forward-" + layer.name());
      names.add("update-" + layer.name());
    }
    return names;
  }

  /** 10^9 floating point operations. */
  static double work(String product) {
    return layer(product).product();
  }

  /** The layer of a product; the square one is a layer whose patches are single pixels. */
  private static Work.Convolved layer(String product) {
    if (product.startsWith("square")) {
      int side = Integer.parseInt(product.substring(product.indexOf('-') + 1));
      return new Work.Convolved("square", side, 1, side, 1, side);
    }
    String name = product.substring(product.indexOf('-') + 1);
    return Work.layers(Architecture.small(), BATCH).stream()
        .filter(l -> l.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Makes the operands. */
  @Setup
  public void setUp() {
    backend = Devices.open(device, threads);
    Work.Convolved layer = layer(product);
    int n = layer.neurons();
    Tensor images = random(layer.batch(), layer.side(), layer.side(), layer.channels());
    Tensor x = images.patches(layer.kernel(), layer.kernel());
    boolean update = product.startsWith("update");
    Tensor other = update ? random(x.size(0), n) : random(n, x.size(1));
    if (variant.equals("ours")) {
      Tensor out = update ? backend.zeros(n, x.size(1)) : backend.zeros(x.size(0), n);
      multiply =
          update
              ? () -> contractInto(out, "bn,bs->ns", other, x)
              : () -> contractInto(out, "bs,ns->bn", x, other);
      return;
    }
    int b = x.size(0);
    int s = x.size(1);
    float[] patches = x.toArray();
    float[] values = other.toArray();
    float[] out = new float[update ? n * s : b * n];
    if (variant.equals("ejml")) {
      FMatrixRMaj px = FMatrixRMaj.wrap(b, s, patches);
      FMatrixRMaj po = FMatrixRMaj.wrap(update ? b : n, update ? n : s, values);
      FMatrixRMaj result = FMatrixRMaj.wrap(update ? n : b, update ? s : n, out);
      multiply =
          update
              ? () -> CommonOps_FDRM.multTransA(po, px, result)
              : () -> CommonOps_FDRM.multTransB(px, po, result);
      return;
    }
    RivalBlas blas = RivalBlas.open(variant, threads);
    multiply =
        update
            ? () -> blas.multiply(true, false, n, s, b, values, patches, out)
            : () -> blas.multiply(false, true, b, n, s, patches, values, out);
  }

  private Tensor random(int... shape) {
    return Neurons.uniform(backend, shape.length, 1, shape);
  }

  /** One product. */
  @Benchmark
  public void multiply() {
    multiply.run();
    backend.await();
  }

  /** Ends the backend's threads. */
  @TearDown
  public void tearDown() {
    backend.close();
  }
}
