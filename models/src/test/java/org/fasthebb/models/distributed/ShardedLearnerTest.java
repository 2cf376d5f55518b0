package org.fasthebb.models.distributed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HardWta;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Convolution;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;
import org.fasthebb.models.network.Norm;
import org.fasthebb.models.network.Sequence;
import org.fasthebb.models.network.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bits of a step over shards depend on their number, and not on who computes them. */
class ShardedLearnerTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int BATCH = 8;
  private static final int STEPS = 2;
  private static final float ETA = 0.01f;

  static Stream<HebbianRule> rules() {
    return Stream.of(new SoftWta(), new Hpca());
  }

  /** Steps the small network, and returns all that changes and the features of the last step. */
  private static Map<String, float[]> learn(HebbianRule rule, int p, Transport transport) {
    Merger merger = new Merger(new Shards(p), transport);
    try (Backend cpu = Backend.cpu(1)) {
      Network network = new Network(cpu, Architecture.small(), Neurons.hebbian(rule), 1);
      ShardedLearner learner = new ShardedLearner(network, ETA, merger);
      int each = merger.shards().imagesOf(BATCH);
      Map<String, float[]> learned = new TreeMap<>();
      for (int step = 0; step < STEPS; step++) {
        Tensor images = images(cpu, step);
        try (Scope _ = cpu.scope()) {
          List<Tensor> own = new ArrayList<>();
          for (int shard = merger.first(); shard < merger.end(); shard++) {
            own.add(images.slice(0, shard * each, (shard + 1) * each));
          }
          List<Tensor> features = learner.learn(own);
          for (int i = 0; i < own.size(); i++) {
            learned.put("features of shard " + (merger.first() + i), features.get(i).toArray());
          }
        }
      }
      network.tensors().forEach((name, tensor) -> learned.put(name, tensor.toArray()));
      return learned;
    }
  }

  private static Tensor images(Backend cpu, int step) {
    return Neurons.uniform(cpu, 7 + step, 1, BATCH, 32, 32, Architecture.CHANNELS);
  }

  /** What all workers know together; what several know must be the same. */
  private static Map<String, float[]> union(List<Map<String, float[]>> workers) {
    Map<String, float[]> all = new TreeMap<>();
    for (Map<String, float[]> worker : workers) {
      worker.forEach((name, values) -> {
        float[] others = all.putIfAbsent(name, values);
        if (others != null) {
          assertArrayEquals(others, values, name + " differs between workers");
        }
      });
    }
    return all;
  }

  private static void assertSame(Map<String, float[]> expected, Map<String, float[]> actual) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach((name, values) ->
        assertTrue(Arrays.equals(values, actual.get(name)), name + " has other bits"));
  }

  private static Map<String, float[]> inThreads(HebbianRule rule, int p, int workers) {
    return union(LocalTransport.run(workers, TIMEOUT, own -> learn(rule, p, own)));
  }

  private static Map<String, float[]> overTcp(HebbianRule rule, int p, int workers)
      throws Exception {
    List<ServerSocket> listeners = new ArrayList<>();
    List<InetSocketAddress> addresses = new ArrayList<>();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    byte[] secret = new byte[32];
    for (int w = 0; w < workers; w++) {
      ServerSocket listener = new ServerSocket(0, 0, loopback);
      listeners.add(listener);
      addresses.add(new InetSocketAddress(loopback, listener.getLocalPort()));
    }
    try (ExecutorService processes = Executors.newFixedThreadPool(workers)) {
      List<Callable<Map<String, float[]>>> work = new ArrayList<>();
      for (int w = 0; w < workers; w++) {
        int rank = w;
        work.add(() -> {
          try (ServerSocket listener = listeners.get(rank);
              Transport own = TcpTransport.connect(rank, addresses, listener, secret, TIMEOUT)) {
            return learn(rule, p, own);
          }
        });
      }
      List<Map<String, float[]>> learned = new ArrayList<>();
      for (Future<Map<String, float[]>> done : processes.invokeAll(work)) {
        learned.add(done.get());
      }
      return union(learned);
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void anyNumberOfWorkersLearnsTheSameBits(HebbianRule rule) throws Exception {
    Map<String, float[]> one = inThreads(rule, 4, 1);
    for (int workers = 2; workers <= 4; workers++) {
      assertSame(one, inThreads(rule, 4, workers));
    }
    assertSame(one, overTcp(rule, 4, 3));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aSingleShardLearnsAsTheNetworkDoes(HebbianRule rule) {
    Map<String, float[]> shard = inThreads(rule, 1, 1);
    Map<String, float[]> four = inThreads(rule, 4, 1);
    try (Backend cpu = Backend.cpu(1)) {
      Network network = new Network(cpu, Architecture.small(), Neurons.hebbian(rule), 1);
      for (int step = 0; step < STEPS; step++) {
        Tensor images = images(cpu, step);
        try (Scope _ = cpu.scope()) {
          network.learn(images, ETA, Sequence.Observer.NONE);
        }
      }
      network
          .tensors()
          .forEach((name, tensor) -> {
            float[] whole = tensor.toArray();
            assertArrayEquals(whole, shard.get(name), name);
            double largest = 0;
            for (float value : whole) {
              largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < whole.length; i++) {
              assertEquals(whole[i], four.get(name)[i], 1e-5 * largest, name + " at " + i);
            }
          });
    }
  }

  /** A stage that learned in a way of its own would learn from one shard only. */
  @Test
  void onlyConvolutionsAndNormsLearn() {
    try (Backend cpu = Backend.cpu(1)) {
      Set<String> learning =
          Architecture.ALL.stream()
              .map(any -> new Network(cpu, any, Neurons.hebbian(new HardWta()), 0))
              .filter(network -> !network.hasBranches()) // which a learner refuses
              .flatMap(network -> network.stages().stream())
              .map(Stage::getClass)
              .filter(type ->
                  Arrays.stream(type.getDeclaredMethods()).anyMatch(ShardedLearnerTest::isLearn))
              .map(Class::getSimpleName)
              .collect(Collectors.toSet());
      assertEquals(Set.of(Convolution.class.getSimpleName(), Norm.class.getSimpleName()), learning);
    }
  }

  private static boolean isLearn(java.lang.reflect.Method method) {
    return Arrays.equals(
        method.getParameterTypes(), new Class<?>[] {Tensor.class, float.class, Reducer.class});
  }

  @Test
  void batchesThatShardsDoNotFitAreRefused() {
    assertEquals(16, new Shards(4).imagesOf(64));
    String batch =
        assertThrows(IllegalArgumentException.class, () -> new Shards(4).imagesOf(66)).getMessage();
    assertTrue(batch.contains("66 images") && batch.contains("multiple of 4"), batch);
    assertThrows(IllegalArgumentException.class, () -> new Shards(4).imagesOf(0));
    assertThrows(IllegalArgumentException.class, () -> new Shards(6));
    String workers =
        assertThrows(IllegalStateException.class, () -> inThreads(new SoftWta(), 4, 5))
            .getMessage();
    assertTrue(workers.contains("5 workers can't share 4 shards"), workers);
  }
}
