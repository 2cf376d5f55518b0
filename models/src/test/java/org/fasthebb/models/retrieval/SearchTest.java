package org.fasthebb.models.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares neighbours and scores with their definitions. */
class SearchTest {
  private static final int[] KS = {1, 3, 10, 61, 1000};
  private static final int CLASSES = 4;

  /**
   * Vectors of small whole numbers, so that equal distances abound and Euclidean ones are exact.
   */
  private static float[][] grid(long seed, int count, int width) {
    Random random = new Random(seed);
    float[][] rows = new float[count][width];
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        row[i] = random.nextInt(5) - 2;
      }
    }
    return rows;
  }

  private static float[][] normal(long seed, int count, int width) {
    Random random = new Random(seed);
    float[][] rows = new float[count][width];
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  private static int[] labels(long seed, int count) {
    return new Random(seed).ints(count, 0, CLASSES).toArray();
  }

  private static Tensor tensor(Backend backend, float[][] rows) {
    Tensor tensor = backend.zeros(rows.length, rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      tensor.slice(0, i, i + 1).write(rows[i]);
    }
    return tensor;
  }

  /** A search that cuts everything into small blocks. */
  private static Search cut(Tensor database, Distance distance) {
    return new Search(database, distance, 20 * database.size(0), 7 * database.size(1));
  }

  private static void assertFinds(float[][] database, float[][] queries, Distance distance) {
    BruteForce expected = new BruteForce(database, distance);
    try (Backend backend = Backend.cpu(2)) {
      Search search = cut(tensor(backend, database), distance);
      for (int k : KS) {
        Neighbours found = Neighbours.of(search, tensor(backend, queries), k);
        assertEquals(Math.min(k, database.length), found.k());
        for (int q = 0; q < queries.length; q++) {
          int[] ranking = expected.ranking(queries[q]);
          for (int rank = 0; rank < found.k(); rank++) {
            String where = "k " + k + ", query " + q + ", rank " + rank;
            assertEquals(ranking[rank], found.index(q, rank), where);
            double wanted = expected.distance(queries[q], ranking[rank]);
            assertEquals(wanted, found.distance(q, rank), 1e-5 * (1 + wanted), where);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void findsTheNearest(Distance distance) {
    assertFinds(normal(1, 61, 19), normal(2, 45, 19), distance);
  }

  @Test
  void equalDistancesAreOrderedByIndex() {
    assertFinds(grid(1, 61, 3), grid(2, 45, 3), Distance.EUCLIDEAN);
    // Directions along the axes: cosines are -1, 0 or 1, without rounding.
    float[][] axes = new float[61][4];
    IntStream.range(0, axes.length).forEach(i -> axes[i][i * i % 4] = i % 3 == 0 ? -2 : 4);
    assertFinds(axes, axes, Distance.COSINE);
  }

  @ParameterizedTest
  @EnumSource
  void allEqual(Distance distance) {
    float[][] same = new float[61][3];
    for (float[] row : same) {
      Arrays.fill(row, 2);
    }
    assertFinds(same, normal(1, 2, 3), distance);
  }

  @ParameterizedTest
  @EnumSource
  void zeroVectors(Distance distance) {
    float[][] database = normal(1, 61, 5);
    float[][] queries = normal(2, 3, 5);
    Arrays.fill(database[7], 0f);
    Arrays.fill(database[30], 0f);
    Arrays.fill(queries[1], 0f);
    assertFinds(database, queries, distance);
  }

  /**
   * From the smallest number to the largest: the same, the orthogonal and the opposite direction.
   */
  @ParameterizedTest
  @ValueSource(floats = {1.4e-45f, 3e-41f, 1e-38f, 4e-20f, 1e-19f, 1, 1e19f, 3e19f, 1e25f, 3.4e38f})
  void cosinesOfAnyNorm(float norm) {
    float[] distances = {0, 0, 1, 1, 2, 2};
    for (float other : new float[] {1.4e-45f, 5e-20f, 1, 2e19f, 3.4e38f}) {
      float[][] database = {{-norm, 0}, {0, other}, {norm, 0}, {other, 0}, {0, 0}, {-other, 0}};
      try (Backend backend = Backend.cpu(1)) {
        Search search = cut(tensor(backend, database), Distance.COSINE);
        for (float query : new float[] {norm, other}) {
          Tensor q = tensor(backend, new float[][] {{query, 0}});
          Neighbours found = Neighbours.of(search, q, 6);
          Set<Set<Integer>> places = new HashSet<>();
          for (int rank = 0; rank < 6; rank++) {
            String where = query + " among " + norm + " and " + other + ", rank " + rank;
            assertEquals(distances[rank], found.distance(0, rank), 2e-7f, where);
            if (rank % 2 == 1) { // of equal ones, rounding may put either first
              places.add(Set.of(found.index(0, rank - 1), found.index(0, rank)));
            }
          }
          assertEquals(Set.of(Set.of(2, 3), Set.of(1, 4), Set.of(0, 5)), places);
        }
      }
    }
  }

  @Test
  void cosinesOfMixedNorms() {
    float[][] database = normal(1, 61, 19);
    float[][] queries = normal(2, 45, 19);
    for (int j = 0; j < 19; j++) {
      for (int i = 0; i < database.length; i++) {
        database[i][j] *= i % 3 == 0 ? 1 : (float) Math.pow(10, i * 72 / 61 - 36);
      }
      for (int i = 0; i < queries.length; i++) {
        queries[i][j] *= i % 4 == 0 ? 1e-30f : i % 4 == 1 ? 1e30f : 1;
      }
    }
    assertFinds(database, queries, Distance.COSINE);
  }

  @Test
  void signsOfZeroAreEqual() {
    assertFinds(new float[][] {{-1, 0}, {1, 0}}, new float[][] {{0, 1}}, Distance.COSINE);
    assertFinds(new float[][] {{1, 0}, {-1, 0}}, new float[][] {{0, 1}}, Distance.COSINE);
  }

  @ParameterizedTest
  @EnumSource
  void scores(Distance distance) {
    float[][] database = normal(1, 61, 6);
    float[][] queries = normal(2, 45, 6);
    int[] labels = labels(3, 61);
    int[] queryLabels = labels(4, 45);
    queryLabels[5] = CLASSES; // nothing is relevant to it
    BruteForce expected = new BruteForce(database, distance);
    try (Backend backend = Backend.cpu(2)) {
      Search search = cut(tensor(backend, database), distance);
      for (int k : KS) {
        RetrievalScores scores =
            RetrievalScores.of(search, labels, tensor(backend, queries), queryLabels, k);
        int n = Math.min(k, database.length);
        double[] sums = new double[4];
        for (int q = 0; q < queries.length; q++) {
          int[] ranking = expected.ranking(queries[q]);
          int label = queryLabels[q];
          sums[0] += BruteForce.vote(ranking, labels, n) == label ? 1 : 0;
          sums[1] += BruteForce.precision(ranking, labels, label, n);
          sums[2] += BruteForce.averagePrecision(ranking, labels, label, n);
          sums[3] += BruteForce.averagePrecision(ranking, labels, label, ranking.length);
        }
        assertEquals(n, scores.k());
        assertEquals(sums[0] / 45, scores.accuracy(), 1e-12);
        assertEquals(sums[1] / 45, scores.precisionAtK(), 1e-12);
        assertEquals(sums[2] / 45, scores.mapAtK(), 1e-12);
        assertEquals(sums[3] / 45, scores.map(), 1e-12);
      }
    }
  }

  /**
   * Scores computed by hand: the neighbours of the query at 0 have the labels 1, 0, 0, 1, 0, in
   * this order.
   */
  @Test
  void scoresByHand() {
    try (Backend backend = Backend.cpu(1)) {
      Tensor database = backend.of(new float[] {1, 2, 3, 4, 5}, 5, 1);
      Search search = new Search(database, Distance.EUCLIDEAN);
      int[] labels = {1, 0, 0, 1, 0};
      Tensor query = backend.zeros(1, 1);
      double map = (1 / 2.0 + 2 / 3.0 + 3 / 5.0) / 3;
      assertEquals(
          new RetrievalScores(2, 0, 1 / 2.0, 1 / 2.0 / 2, map),
          RetrievalScores.of(search, labels, query, new int[] {0}, 2),
          "a tie, which the first decides");
      assertEquals(
          new RetrievalScores(4, 0, 2 / 4.0, (1 / 2.0 + 2 / 3.0) / 3, map),
          RetrievalScores.of(search, labels, query, new int[] {0}, 4),
          "three are relevant, four are looked at");
    }
  }

  @Test
  void oneClass() {
    try (Backend backend = Backend.cpu(1)) {
      Tensor database = tensor(backend, normal(1, 20, 3));
      Search search = new Search(database, Distance.COSINE);
      RetrievalScores scores = RetrievalScores.of(search, new int[20], database, new int[20], 5);
      assertEquals(new RetrievalScores(5, 1, 1, 1, 1), scores);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyNumberOfThreadsGivesTheSameBits(Distance distance) {
    float[][] first = null;
    for (int threads : new int[] {1, 2, 3, 8}) {
      try (Backend backend = Backend.cpu(threads)) {
        Tensor queries = tensor(backend, normal(2, 70, 100));
        Search search = new Search(tensor(backend, normal(1, 300, 100)), distance);
        Neighbours found = Neighbours.of(search, queries, 20);
        float[][] seen = new float[70][40];
        for (int q = 0; q < 70; q++) {
          for (int rank = 0; rank < 20; rank++) {
            seen[q][2 * rank] = found.index(q, rank);
            seen[q][2 * rank + 1] = found.distance(q, rank);
          }
        }
        first = first == null ? seen : first;
        assertArrayEquals(first, seen, "threads: " + threads);
      }
    }
  }

  @Test
  void aCopyIsNearest() {
    try (Backend backend = Backend.cpu(2)) {
      Tensor database = tensor(backend, normal(1, 100, 50));
      Neighbours found = Neighbours.of(new Search(database, Distance.EUCLIDEAN), database, 1);
      for (int q = 0; q < 100; q++) {
        assertEquals(q, found.index(q, 0));
        assertTrue(found.distance(q, 0) < 1e-2, "is " + found.distance(q, 0));
      }
    }
  }

  private static void assertRefused(String part, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void refusals() {
    try (Backend backend = Backend.cpu(1)) {
      Tensor database = tensor(backend, normal(1, 10, 3));
      Search search = new Search(database, Distance.COSINE);
      int[] labels = new int[10];
      assertRefused("k is 0", () -> Neighbours.of(search, database, 0));
      assertRefused("[10, 2]", () -> Neighbours.of(search, backend.zeros(10, 2), 1));
      assertRefused("[0, 3]", () -> new Search(backend.zeros(0, 3), Distance.COSINE));
      assertRefused("9 labels", () -> RetrievalScores.of(search, new int[9], database, labels, 1));
      assertRefused(
          "0 labels", () -> RetrievalScores.of(search, labels, backend.zeros(0, 3), new int[0], 1));
      Tensor broken = tensor(backend, normal(1, 10, 3));
      broken.slice(0, 4, 5).fill(Float.NaN);
      assertRefused("image 4 of the database", () -> new Search(broken, Distance.EUCLIDEAN));
      assertRefused("query 4", () -> Neighbours.of(search, broken, 1));
      broken.slice(0, 4, 5).fill(1e30f);
      assertRefused("too large", () -> new Search(broken, Distance.EUCLIDEAN));
      broken.slice(0, 4, 5).slice(1, 1, 2).fill(Float.NEGATIVE_INFINITY);
      assertRefused("image 4 of the database", () -> new Search(broken, Distance.COSINE));
      broken.slice(0, 4, 5).slice(1, 1, 2).fill(Float.NaN);
      assertRefused("image 4 of the database", () -> new Search(broken, Distance.COSINE));
    }
  }
}
