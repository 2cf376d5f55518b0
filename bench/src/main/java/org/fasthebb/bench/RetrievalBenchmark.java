package org.fasthebb.bench;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.network.Neurons;
import org.fasthebb.models.retrieval.Distance;
import org.fasthebb.models.retrieval.Neighbours;
import org.fasthebb.models.retrieval.Search;
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
 * A search by features: norms, similarities and the nearest images of all queries. Only the work of
 * the similarities is counted, a product (queries, F) (F, images).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
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
public class RetrievalBenchmark {
  /** Features per image, as many as the small network has. */
  private static final int FEATURES = 4096;

  private static final int K = 10;

  /** Images generated at once. */
  private static final int BLOCK = 1000;

  /** Number of images in the database. */
  @Param({"50000"})
  public int images;

  /** Number of queries. */
  @Param({"10000"})
  public int queries;

  /** Distance: cosine or euclidean. */
  @Param({"cosine"})
  public String distance;

  /** What computes: cpu or cuda. */
  @Param({"cpu"})
  public String device;

  /** Threads. */
  @Param({"2"})
  public int threads;

  private Backend backend;
  private Tensor database;
  private Tensor wanted;

  /** Made by JMH. */
  public RetrievalBenchmark() {}

  /** 10^9 floating point operations. */
  static double work(int queries, int images) {
    return 2e-9 * queries * images * FEATURES;
  }

  /** Makes features of noise. */
  @Setup
  public void setUp() {
    backend = Devices.open(device, threads);
    database = random(1, images);
    wanted = random(2, queries);
  }

  /** A block at a time, so that the heap is not filled twice. */
  private Tensor random(long stream, int count) {
    Tensor all = backend.zeros(count, FEATURES);
    for (int from = 0; from < count; from += BLOCK) {
      int to = Math.min(count, from + BLOCK);
      long key = stream * count + from;
      all.slice(0, from, to).assign(Neurons.uniform(backend, key, 1, to - from, FEATURES));
    }
    return all;
  }

  /** The search. */
  @Benchmark
  public Neighbours search() {
    Distance by = Distance.valueOf(distance.toUpperCase(Locale.ROOT));
    return Neighbours.of(new Search(database, by), wanted, K);
  }

  /** Ends the backend's threads. */
  @TearDown
  public void tearDown() {
    backend.close();
  }
}
