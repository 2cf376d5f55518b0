package org.fasthebb.models.distributed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums along a tree, moments, and what workers exchange. */
class MergerTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** Values whose sum depends on the order in the last bits. */
  private static float[][] values(int shards, int length) {
    Random random = new Random(3);
    float[][] values = new float[shards][length];
    for (float[] row : values) {
      for (int i = 0; i < length; i++) {
        row[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(5)));
      }
    }
    return values;
  }

  /** ((0 1) (2 3)) ((4 5) (6 7)), written without the code under test. */
  private static float tree(float[][] values, int from, int size, int i) {
    int half = size / 2;
    return size == 1
        ? values[from][i]
        : tree(values, from, half, i) + tree(values, from + half, half, i);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "4, 3", "8, 1", "8, 3", "8, 5", "8, 7", "8, 8", "16, 6"})
  void sumsFollowTheTree(int shards, int workers) {
    int length = 13;
    float[][] values = values(shards, length);
    List<float[]> sums =
        LocalTransport.run(
            workers,
            TIMEOUT,
            own -> {
              Merger merger = new Merger(new Shards(shards), own);
              MergeTree<float[]> tree = MergeTree.ofSums();
              for (int shard = merger.first(); shard < merger.end(); shard++) {
                tree.add(shard, 1, values[shard].clone());
              }
              return merger.sum(tree);
            });
    boolean dependsOnOrder = false;
    for (int i = 0; i < length; i++) {
      float inOrder = 0;
      for (int shard = 0; shard < shards; shard++) {
        inOrder += values[shard][i];
      }
      dependsOnOrder |= inOrder != tree(values, 0, shards, i);
      for (float[] sum : sums) {
        assertEquals(tree(values, 0, shards, i), sum[i]);
      }
    }
    assertEquals(shards >= 4, dependsOnOrder, "the values do not test the order");
  }

  @Test
  void gathersInTheOrderOfShardsAndBroadcastsFromTheFirst() {
    LocalTransport.run(
        3,
        TIMEOUT,
        own -> {
          Merger merger = new Merger(new Shards(8), own);
          float[][] mine = new float[merger.end() - merger.first()][];
          for (int i = 0; i < mine.length; i++) {
            mine[i] = new float[] {merger.first() + i, 10 * (merger.first() + i)};
          }
          float[][] all = merger.gather(Merger.Exchanged.INPUTS, mine);
          for (int shard = 0; shard < 8; shard++) {
            assertArrayEquals(new float[] {shard, 10 * shard}, all[shard]);
          }
          float[] first = merger.broadcast(new float[] {own.rank() + 1, own.rank()});
          assertArrayEquals(new float[] {1, 0}, first);
          return null;
        });
  }

  /** Means of a thousand and deviations of a thousandth: sums of squares in float would fail. */
  @Test
  void momentsOfShardsAreThoseOfTheirUnion() {
    Random random = new Random(5);
    MergeTree<Moments> tree = new MergeTree<>(Moments::plus);
    double[] x = random.doubles(32, 1000, 1000.01).toArray();
    for (int shard = 0; shard < 4; shard++) {
      double mean = 0;
      double variance = 0;
      for (int i = 0; i < 8; i++) {
        mean += x[shard * 8 + i] / 8;
      }
      for (int i = 0; i < 8; i++) {
        variance += Math.pow(x[shard * 8 + i] - mean, 2) / 8;
      }
      tree.add(shard, 1, new Moments(new double[] {mean}, new double[] {8 * variance}, 8));
    }
    double mean = 0;
    double variance = 0;
    for (double value : x) {
      mean += value / 32;
    }
    for (double value : x) {
      variance += Math.pow(value - mean, 2) / 32;
    }
    assertEquals(32, tree.whole().rows());
    float[] merged = tree.whole().values();
    assertEquals(mean, merged[0], 1e-7 * mean);
    assertEquals(variance, merged[1], 1e-6 * variance);
  }

  @Test
  void wideLayersOfSmallBatchesGatherTheirInputs() {
    assertTrue(GatherOrSum.gathers(64, 4096, 2304), "the small network's fc5");
    assertTrue(GatherOrSum.gathers(32, 4096, 4608), "fc9 of the network for ImageNet");
    assertFalse(GatherOrSum.gathers(8192, 4096, 4608), "a batch much larger than the layer");
    assertFalse(GatherOrSum.gathers(64, 10, 4096), "a narrow layer");
  }
}
