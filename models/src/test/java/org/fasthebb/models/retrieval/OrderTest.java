package org.fasthebb.models.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Both ways to sort a row of similarities. */
class OrderTest {
  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY
  };

  /** Values of all magnitudes and signs, many of them several times. */
  private static float[] row(long seed, int count) {
    Random random = new Random(seed);
    float[] row = new float[count];
    for (int i = 0; i < count; i++) {
      row[i] =
          switch (random.nextInt(4)) {
            case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
            case 1 -> i == 0 ? 3f : row[random.nextInt(i)];
            default -> (float) (random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10));
          };
    }
    return row;
  }

  private static int[] sorted(float[] row, int from, int count) {
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -(row[from + i] + 0f))) // stable
        .mapToInt(i -> i)
        .toArray();
  }

  private static int[] indices(long[] keys) {
    return Arrays.stream(keys).mapToInt(Keys::index).toArray();
  }

  @Test
  void rankingAndFirstK() {
    float[] row = row(1, 1200);
    int from = 150;
    int count = 1000;
    int[] expected = sorted(row, from, count);
    Ranking ranking = new Ranking(count);
    ranking.sort(row, 0); // another row, which must not affect the result
    assertArrayEquals(expected, indices(ranking.sort(row, from)));
    for (int k : new int[] {1, 2, 7, 100, 999, 1000}) {
      TopK best = new TopK(k);
      best.select(row, 0, count);
      assertArrayEquals(
          Arrays.copyOf(expected, k), indices(best.select(row, from, count)), "k " + k);
    }
  }

  @Test
  void keysHoldSimilarityAndIndex() {
    for (float similarity : row(2, 500)) {
      long key = Keys.of(similarity, 12_345);
      assertEquals(similarity + 0f, Keys.similarity(key));
      assertEquals(12_345, Keys.index(key));
    }
  }
}
