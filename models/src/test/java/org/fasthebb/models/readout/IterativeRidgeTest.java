package org.fasthebb.models.readout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.learn.Classifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IterativeRidgeTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int C = Points.CLASSES;

  @AfterAll
  static void close() {
    CPU.close();
  }

  /**
   * Fewer and more rows than features; all rows, some and one in the preconditioner; one row, one
   * feature, and blocks that are not full. Weights in any order.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 5, 9",
    "4, 1, 2",
    "5, 7, 1",
    "7, 5, 7",
    "70, 9, 20",
    "9, 70, 3",
    "600, 20, 50",
    "513, 40, 256"
  })
  void findsTheMinimum(int labelled, int features, int sample) {
    Points points = new Points(CPU, labelled, features, 1);
    TrainingRows rows = RidgeTest.weighted(points.data(labelled, 0, 0));
    RidgeSystem system = new RidgeSystem(rows);
    for (boolean keep : new boolean[] {false, true}) {
      IterativeRidge ridge = new IterativeRidge(rows, sample, keep);
      for (double weight : new double[] {0.3, 10, 0.1}) {
        Classifier found = ridge.solve(weight);
        double penalty = system.solve(weight).penalty();
        double gradient = RidgeTest.largestGradient(points, rows, found, penalty);
        assertEquals(0, gradient, 1e-4 * (1 + labelled), "keep " + keep + ", " + weight);
      }
    }
  }

  /** Features of very unequal size would take many steps without the preconditioner. */
  @Test
  void takesFewPassesOverTheRows() {
    Points points = new Points(CPU, 1000, 300, 1);
    for (int i = 0; i < 1000; i++) {
      for (int f = 0; f < 300; f++) {
        points.row(i)[f] *= (float) (10 / (1.0 + f));
      }
    }
    TrainingRows rows = points.data(1000, 0, 0).rows();
    double penalty = new RidgeSystem(rows).solve(0.01).penalty();
    IterativeRidge ridge = new IterativeRidge(rows, 250, false);
    long before = points.reads();
    Classifier found = ridge.solve(0.01);
    long passes = (points.reads() - before) / rows.size();
    assertTrue(passes > 2 && passes < 20, passes + " passes");
    assertEquals(0, RidgeTest.largestGradient(points, rows, found, penalty), 1e-2);
    IterativeRidge oneForAll = new IterativeRidge(rows, 1, false);
    String message =
        assertThrows(ArithmeticException.class, () -> oneForAll.solve(0.01)).getMessage();
    assertEquals("no solution after 100 steps", message);
    penalty = new RidgeSystem(rows).solve(100).penalty();
    found = oneForAll.solve(100); // begins anew
    assertEquals(0, RidgeTest.largestGradient(points, rows, found, penalty), 1e-2);
  }

  @Test
  void knowsNothingOfAClassWithoutLabels() {
    Points points = new Points(CPU, 40, 8, 0.2);
    int[] indices = {0, 1, 3, 4, 6, 7, 9, 10};
    int[] labels = {0, 1, 0, 1, 0, 1, 0, 1};
    TrainingRows rows = points.data(40, 0, 0).rows(indices, labels, 1);
    Classifier found = new IterativeRidge(rows, 4, true).solve(0.3);
    float[] ofClass2 = found.weight().slice(0, 2, 3).contiguous().toArray();
    assertArrayEquals(new float[8], ofClass2);
    assertEquals(0, found.bias().toArray()[2]);
  }

  @Test
  void equalRowsTellNothing() {
    Points points = new Points(CPU, 6, 4, 1);
    for (int i = 1; i < 6; i++) {
      System.arraycopy(points.row(0), 0, points.row(i), 0, 4);
    }
    Classifier found = new IterativeRidge(points.data(6, 0, 0).rows(), 3, true).solve(0.3);
    for (float bias : found.scores(CPU.of(points.row(0), 1, 4)).toArray()) {
      assertEquals(1f / C, bias, 1e-6f);
    }
  }

  @Test
  void hasTheSameBitsForAnyNumberOfThreads() {
    float[][] weights = new float[4][];
    for (int threads = 1; threads <= 4; threads++) {
      try (Backend backend = Backend.cpu(threads)) {
        TrainingRows rows = new Points(backend, 1200, 150, 2).data(1200, 0, 0).rows();
        boolean keep = threads % 2 == 0; // these bits are the same too
        weights[threads - 1] = new IterativeRidge(rows, 100, keep).solve(0.1).weight().toArray();
      }
      assertArrayEquals(weights[0], weights[threads - 1]);
    }
  }

  @Test
  void sideBySideWithTheEquations() {
    Points points = new Points(CPU, 500, 30, 2);
    ReadOutData data = points.data(300, 0, 200);
    List<String> messages = new ArrayList<>();
    RidgeSolver iterative = RidgeSolver.iterative(data, data.rows(), messages::add);
    RidgeSolver exact = RidgeSolver.exact(data, data.rows());
    for (double weight : new double[] {0.3, 1}) {
      assertEquals(exact.solve(weight).accuracy(), iterative.solve(weight).accuracy(), 0.011);
    }
    assertEquals(
        "300 images with 30 features, solved step by step for one weight after another",
        messages.getFirst());
    assertTrue(messages.get(1).matches("weight 0.3: \\d\\d\\.\\d %"), messages.get(1));
    assertTrue(RidgeSolver.isIterative(8192, 9000, true));
    assertFalse(RidgeSolver.isIterative(8192, 9000, false), "leaving one out takes the equations");
    assertFalse(RidgeSolver.isIterative(8192, 8191, true));
  }

  @Test
  void refusesFeaturesThatAreTooLargeForTheirPrecision() {
    Points points = new Points(CPU, 8, 3, 1);
    for (int i = 0; i < 8; i++) {
      points.row(i)[0] = i % 2 == 0 ? 3e19f : -3e19f; // the square is not finite
    }
    TrainingRows rows = points.data(8, 0, 0).rows();
    assertThrows(ArithmeticException.class, () -> new IterativeRidge(rows, 8, true).solve(1));
  }
}
