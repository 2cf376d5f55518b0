package org.fasthebb.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.hebb.Oja;
import org.fasthebb.hebb.SoftWta;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A network learns the same from a batch split among several processes as from the whole batch,
 * although the shards exchange only sums, through a reducer.
 */
class ShardedLearningTest {
  private static final int SIDE = 12;
  private static final int IMAGES = 8;
  private static final int SHARDS = 2;
  private static final int STEPS = 3;
  private static final float ETA = 0.05f;

  private static final Architecture ARCHITECTURE =
      new Architecture(
          "tiny",
          SIDE,
          "fc",
          List.of(
              new Layer.Neural("conv1", 5, 3),
              new Layer.Rectified("relu1"),
              new Layer.MaxPooled("pool1", 2),
              new Layer.Normalised("bn1", false),
              new Layer.Neural("fc2", 7, Layer.WHOLE),
              new Layer.Rectified("relu2"),
              new Layer.Normalised("bn2", true)));

  static Stream<HebbianRule> rules() {
    return Stream.of(new SoftWta(), new Hpca(), new Oja());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shardsLearnWhatTheirUnionLearns(HebbianRule rule) throws Exception {
    Map<String, float[]> whole = learn(rule, 0, IMAGES, Reducer.IDENTITY);
    List<Map<String, float[]>> shards = learnInShards(rule);
    for (Map.Entry<String, float[]> expected : whole.entrySet()) {
      String name = expected.getKey();
      float[] first = shards.getFirst().get(name);
      assertArrayEquals(first, shards.getLast().get(name), name + " differs between the shards");
      double largest = 0;
      for (float value : expected.getValue()) {
        largest = Math.max(largest, Math.abs(value));
      }
      for (int i = 0; i < first.length; i++) {
        assertEquals(expected.getValue()[i], first[i], 1e-5 * largest + 1e-6, name + " at " + i);
      }
    }
  }

  private static List<Map<String, float[]>> learnInShards(HebbianRule rule) throws Exception {
    Exchange exchange = new Exchange();
    try (ExecutorService processes = Executors.newFixedThreadPool(SHARDS)) {
      List<Callable<Map<String, float[]>>> work = new ArrayList<>();
      for (int shard = 0; shard < SHARDS; shard++) {
        int each = IMAGES / SHARDS;
        int from = shard * each;
        Reducer reducer = exchange.of(shard);
        work.add(() -> learn(rule, from, from + each, reducer));
      }
      List<Map<String, float[]>> learned = new ArrayList<>();
      for (Future<Map<String, float[]>> done : processes.invokeAll(work)) {
        learned.add(done.get());
      }
      return learned;
    }
  }

  /** All tensors that change, after some steps on images from .. to-1. */
  private static Map<String, float[]> learn(HebbianRule rule, int from, int to, Reducer reducer) {
    try (Backend cpu = Backend.cpu(1)) {
      Network network = new Network(cpu, ARCHITECTURE, Neurons.hebbian(rule), 1);
      Tensor images = Neurons.uniform(cpu, 2, 1, IMAGES, SIDE, SIDE, Architecture.CHANNELS);
      for (int step = 0; step < STEPS; step++) {
        try (Scope _ = cpu.scope()) {
          network.learn(images.slice(0, from, to), ETA, reducer, Sequence.Observer.NONE);
        }
      }
      Map<String, float[]> learned = new TreeMap<>();
      network.tensors().forEach((name, tensor) -> learned.put(name, tensor.toArray()));
      return learned;
    }
  }

  /** Adds the sums of all shards in their order, and gives each shard the result. */
  private static final class Exchange {
    private final CyclicBarrier barrier = new CyclicBarrier(SHARDS);
    private final float[][][] sums = new float[SHARDS][][];

    Reducer of(int shard) {
      return tensors -> {
        float[][] mine = new float[tensors.length][];
        for (int i = 0; i < mine.length; i++) {
          mine[i] = tensors[i].toArray();
        }
        sums[shard] = mine;
        await();
        for (int i = 0; i < mine.length; i++) {
          float[] sum = sums[0][i].clone();
          for (int other = 1; other < SHARDS; other++) {
            for (int j = 0; j < sum.length; j++) {
              sum[j] += sums[other][i][j];
            }
          }
          tensors[i].write(sum);
        }
        await(); // until all shards have read
      };
    }

    private void await() {
      try {
        barrier.await();
      } catch (Exception e) {
        throw new IllegalStateException("another shard failed", e);
      }
    }
  }
}
