package org.fasthebb.models.readout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.learn.Classifier;
import org.fasthebb.models.learn.Normalisation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** {@link ClassMeans} and {@link NearestNeighbours} against their definitions. */
class CheapReadOutsTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int C = Points.CLASSES;
  private static final Normalisation UNIT = new Normalisation(null, null, true);

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static double[] unit(double[] x) {
    double length = 0;
    for (double value : x) {
      length += value * value;
    }
    double[] unit = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      unit[i] = x[i] / Math.sqrt(length);
    }
    return unit;
  }

  private static double[] unit(float... x) {
    double[] wide = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      wide[i] = x[i];
    }
    return unit(wide);
  }

  private static double dot(double[] a, double... b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void scoresOfClassMeansAreCosines() {
    Points points = new Points(CPU, 40, 7, 1);
    Classifier means = ClassMeans.fit(points.data(20, 0, 0, UNIT));
    double[][] sums = new double[C][7];
    for (int i = 0; i < 20; i++) {
      double[] x = unit(points.row(i));
      for (int f = 0; f < 7; f++) {
        sums[i % C][f] += x[f];
      }
    }
    float[] scores = means.scores(CPU.of(points.row(33), 1, 7)).toArray();
    for (int c = 0; c < C; c++) {
      assertEquals(dot(unit(sums[c]), unit(points.row(33))), scores[c], 1e-5);
    }
  }

  @Test
  void noImageIsOfAClassWithoutLabels() {
    Points points = new Points(CPU, 40, 5, 3);
    ReadOutData data = points.data(2, 0, 30, UNIT); // classes 0 and 1
    Classifier means = ClassMeans.fit(data);
    NearestNeighbours neighbours = NearestNeighbours.fit(data);
    for (int i = 2; i < 40; i++) {
      Tensor x = CPU.of(points.row(i), 1, 5);
      for (float[] scores : List.of(means.scores(x).toArray(), neighbours.scores(x).toArray())) {
        assertTrue(scores[2] < Math.max(scores[0], scores[1]));
      }
    }
  }

  /** The class that most of the k nearest have; of equals, that of the nearest. */
  private static int vote(Points points, int labelled, int image, int k) {
    double[] x = unit(points.row(image));
    List<Integer> nearest =
        IntStream.range(0, labelled)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -dot(x, unit(points.row(i)))))
            .limit(k)
            .map(i -> i % C)
            .toList();
    return nearest.stream()
        .max(
            Comparator.<Integer>comparingLong(c -> nearest.stream().filter(c::equals).count())
                .thenComparingInt(c -> -nearest.indexOf(c)))
        .orElseThrow();
  }

  @Test
  void theNearestVote() {
    Points points = new Points(CPU, 200, 6, 2);
    for (int labelled : new int[] {1, 2, 60}) {
      NearestNeighbours found = NearestNeighbours.fit(points.data(labelled, 0, 0, UNIT));
      assertEquals(Math.min(5, labelled), found.k(), "the usual number, without validation");
      for (int i = labelled; i < 200; i++) {
        float[] scores = found.scores(CPU.of(points.row(i), 1, 6)).toArray();
        int best = IntStream.range(0, C).reduce((a, b) -> scores[b] > scores[a] ? b : a).getAsInt();
        assertEquals(vote(points, labelled, i, found.k()), best, "image " + i);
      }
    }
  }

  @Test
  void validationChoosesHowManyVote() {
    Points points = new Points(CPU, 400, 6, 2);
    NearestNeighbours found = NearestNeighbours.fit(points.data(100, 0, 300, UNIT));
    int[] hits = new int[51];
    for (int k : new int[] {1, 3, 5, 10, 20, 50}) {
      for (int i = 100; i < 400; i++) {
        hits[k] += vote(points, 100, i, k) == i % C ? 1 : 0;
      }
    }
    int best = IntStream.of(1, 3, 5, 10, 20, 50).map(k -> hits[k]).max().getAsInt();
    assertEquals(best, hits[found.k()]);
    assertTrue(hits[1] < best, "it matters here");
    assertEquals(
        best / 300.0, points.data(100, 0, 300, UNIT).accuracies(found::scores).getFirst(), 1e-9);
    assertArrayEquals(new float[] {found.k()}, found.tensors().get("knn.k").toArray());
  }
}
