package org.fasthebb.models.readout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.learn.Classifier;
import org.fasthebb.models.learn.Normalisation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RidgeTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int C = Points.CLASSES;

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** Rows with weights 1, 2, 1, 2, ... */
  static TrainingRows weighted(ReadOutData data) {
    TrainingRows rows = data.rows();
    for (int i = 0; i < rows.size(); i++) {
      rows.weights()[i] = 1 + i % 2;
    }
    return rows;
  }

  /**
   * The gradient of the sum of r_b |W x_b + bias - y_b|^2 + penalty |W|^2 over 2, whose largest
   * element is 0 at the minimum. It is written from the definition alone.
   */
  static double largestGradient(
      Points points, TrainingRows rows, Classifier found, double penalty) {
    int f = points.row(0).length;
    float[] w = found.weight().toArray();
    float[] bias = found.bias().toArray();
    double largest = 0;
    for (int c = 0; c < C; c++) {
      double[] gradient = new double[f + 1];
      for (int b = 0; b < rows.size(); b++) {
        float[] x = points.row(rows.examples().indices()[b]);
        double residual = bias[c] - (rows.labels()[b] == c ? 1 : 0);
        for (int i = 0; i < f; i++) {
          residual += w[c * f + i] * x[i];
        }
        for (int i = 0; i < f; i++) {
          gradient[i] += rows.weights()[b] * residual * x[i];
        }
        gradient[f] += rows.weights()[b] * residual;
      }
      for (int i = 0; i < f; i++) {
        gradient[i] += penalty * w[c * f + i];
      }
      for (double g : gradient) {
        largest = Math.max(largest, Math.abs(g));
      }
    }
    return largest;
  }

  /** Fewer and more labels than features, one row, one feature, and blocks that are not full. */
  @ParameterizedTest
  @CsvSource({"1, 5", "4, 1", "5, 7", "7, 5", "70, 9", "9, 70", "600, 20"})
  void bothFormsFindTheMinimum(int labelled, int features) {
    Points points = new Points(CPU, labelled, features, 1);
    TrainingRows rows = weighted(points.data(labelled, 0, 0));
    for (boolean dual : new boolean[] {false, true}) {
      for (double weight : new double[] {0.1, 10}) {
        RidgeSystem.Solution solution = new RidgeSystem(rows, dual).solve(weight);
        double gradient = largestGradient(points, rows, solution.classifier(), solution.penalty());
        assertEquals(0, gradient, 2e-6 * (10 + labelled), "dual " + dual + ", " + weight);
      }
    }
  }

  @Test
  void hasTheSameBitsForAnyNumberOfThreads() {
    float[][] weights = new float[2][];
    for (int threads = 1; threads <= 2; threads++) {
      try (Backend backend = Backend.cpu(threads)) {
        Points points = new Points(backend, 1200, 150, 2);
        Ridge ridge = Ridge.fit(points.data(100, 1000, 100), 2, message -> {});
        weights[threads - 1] = ridge.classifier().weight().toArray();
      }
    }
    assertArrayEquals(weights[0], weights[1]);
  }

  /** Leaves rows out one at a time, and learns from the others each time. */
  @ParameterizedTest
  @CsvSource({"30, 40", "60, 12"})
  void leavingOneOutInClosedForm(int labelled, int features) {
    Points points = new Points(CPU, labelled, features, 2);
    ReadOutData data = points.data(labelled, 0, 0);
    RidgeSystem system = new RidgeSystem(data.rows());
    double weight = 0.3;
    RidgeSystem.Solution all = system.solve(weight);
    int hits = 0;
    for (int out = 0; out < labelled; out++) {
      int left = out;
      int[] others = IntStream.range(0, labelled).filter(i -> i != left).toArray();
      int[] labels = IntStream.of(others).map(i -> i % C).toArray();
      RidgeSystem fewer = new RidgeSystem(data.rows(others, labels, 1));
      double unit = fewer.solve(1).penalty(); // the same penalty as with all rows
      Tensor x = CPU.of(points.row(out), 1, features);
      float[] scores = fewer.solve(all.penalty() / unit).classifier().scores(x).toArray();
      hits += argMax(scores) == out % C ? 1 : 0;
    }
    assertTrue(hits > labelled / 5 && hits < labelled, "a hard case: " + hits);
    assertEquals((double) hits / labelled, system.leaveOneOut(all), 1e-9);
  }

  private static int argMax(float... scores) {
    int best = 0;
    for (int c = 1; c < scores.length; c++) {
      best = scores[c] > scores[best] ? c : best;
    }
    return best;
  }

  @Test
  void choosesTheWeightByValidationOrByLeavingOneOut() {
    Points points = new Points(CPU, 500, 30, 2);
    List<String> messages = new ArrayList<>();
    Ridge ridge = Ridge.fit(points.data(100, 0, 200), 3, messages::add);
    assertEquals(1, ridge.accuracies().size(), "no self-training without unlabelled images");
    assertTrue(messages.getFirst().matches("ridge: 100 images, weight \\S+ by 200 validation.*"));
    double accuracy = ridge.accuracies().getFirst();
    assertTrue(accuracy > 0.5, "" + accuracy);
    RidgeSystem system = new RidgeSystem(points.data(100, 0, 200).rows());
    String chosen = messages.getFirst().replaceFirst(".* weight (\\S+) by .*", "$1");
    double[] grid = {0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100};
    int at = Arrays.binarySearch(grid, Double.parseDouble(chosen));
    for (int i = Math.max(0, at - 1); i <= Math.min(grid.length - 1, at + 1); i++) {
      Classifier other = system.solve(grid[i]).classifier();
      double others = points.data(100, 0, 200).accuracy(other::scores);
      assertTrue(i == at ? accuracy == others : accuracy >= others, "weight " + grid[i]);
    }
    Ridge alone = Ridge.fit(points.data(100, 0, 0), 3, messages::add);
    assertEquals(List.of(), alone.accuracies());
    assertTrue(messages.getLast().contains("by leaving one out"), messages.getLast());
  }

  @Test
  void selfTrainingEndsWhenValidationDoesNotGain() {
    Points points = new Points(CPU, 900, 40, 2.2);
    List<String> messages = new ArrayList<>();
    Ridge ridge = Ridge.fit(points.data(12, 600, 280), 9, messages::add);
    List<Double> accuracies = ridge.accuracies();
    assertTrue(accuracies.size() > 1 && accuracies.size() < 10, "" + accuracies);
    assertEquals(messages.size(), accuracies.size());
    double best = accuracies.get(ridge.best() - 1);
    accuracies.forEach(accuracy -> assertTrue(accuracy <= best));
    assertTrue(best > accuracies.getFirst(), "guesses help here: " + accuracies);
    assertEquals(accuracies.size() - 1, ridge.best(), "the last round did not gain");
    double again = points.data(12, 600, 280).accuracy(ridge.classifier()::scores);
    assertEquals(best, again, "the classifier is that of the best round");
  }

  @Test
  void eachClassGetsAsManyGuesses() {
    // Six images guessed as class 0, one as class 1, one as class 2; margins differ.
    float[] scores = {
      5, 0, 0, /**/ 1, 0, 0, /**/ 4, 0, 3, /**/ 3, 0, 0, /**/ 2, 0, 0, /**/ 0, 1, 0, /**/ 0, 0, 1,
      /**/ 3, 0, 0, /**/ 9, 9, 9
    };
    // SHARE of 9 images over 3 classes is 1 each.
    assertArrayEquals(new int[] {0, -1, -1, -1, -1, 1, 2, -1, -1}, SelfTraining.surest(scores, C));
    float[] equal = {1, 0, 1, 0, 1, 0, 1, 0};
    assertArrayEquals(
        new int[] {0, -1, -1, -1}, SelfTraining.surest(equal, 2), "the first of equals");
  }

  @Test
  void refusesFeaturesThatAreTooLargeForTheirPrecision() {
    Points points = new Points(CPU, 8, 3, 1);
    for (int i = 0; i < 8; i++) {
      points.row(i)[0] = i % 2 == 0 ? 3e19f : -3e19f; // the square is not finite
    }
    assertThrows(
        IllegalStateException.class, () -> Ridge.fit(points.data(4, 0, 4), 0, message -> {}));
  }

  @Test
  void featuresOfTheClassifierAreNormalisedByItself() {
    Points points = new Points(CPU, 90, 10, 1);
    Normalisation unit = new Normalisation(null, null, true);
    Ridge ridge = Ridge.fit(points.data(30, 0, 60, unit), 0, message -> {});
    float[] row = points.row(40);
    float[] twice = row.clone();
    for (int i = 0; i < twice.length; i++) {
      twice[i] *= 2;
    }
    assertArrayEquals(
        ridge.classifier().scores(CPU.of(row, 1, 10)).toArray(),
        ridge.classifier().scores(CPU.of(twice, 1, 10)).toArray(),
        1e-5f);
  }

  @Test
  void whatDoesNotFitInMemoryIsRefused() {
    long gigabyte = 1_000_000_000;
    Ridge.requireMemory(40_000, 6_144, 10, false, gigabyte); // 6,144 equations, 604 MB
    Ridge.requireMemory(400, 24_576, 10, false, gigabyte); // 400 equations
    String message = refused(40_000, 24_576, false, 4 * gigabyte);
    assertEquals(
        "ridge regression of 40,000 images with 24,576 features takes 10.1 GB of memory, and Java"
            + " has 4.0 GB; average maps to fewer means, hold out validation images, or choose the"
            + " read-out linear",
        message);
    Ridge.requireMemory(40_000, 24_576, 10, true, 4 * gigabyte); // no equations are computed
    message = refused(40_000, 101_376, true, 2 * gigabyte);
    assertTrue(message.contains("takes 3.8 GB"), message);
    assertTrue(message.contains("means, ask for fewer labels, or choose"), message);
    message = refused(4_000, 101_376, false, gigabyte);
    assertTrue(message.contains("takes 1.9 GB"), message);
    assertTrue(message.contains("means, ask for fewer labels, or choose"), message);
    refused(40_000, 600_000, true, 1000 * gigabyte); // no array has 4,096 x 600,000 values
    // No array has 50,000 x 50,000 products, whatever the memory.
    refused(50_000, 60_000, false, 1000 * gigabyte);
    assertThrows(
        DataException.class, () -> NearestNeighbours.requireMemory(40_000, 24_576, 4 * gigabyte));
    NearestNeighbours.requireMemory(40_000, 6_144, 4 * gigabyte);
  }

  private static String refused(int rows, int features, boolean isValidated, long memory) {
    return assertThrows(
            DataException.class, () -> Ridge.requireMemory(rows, features, 10, isValidated, memory))
        .getMessage();
  }
}
