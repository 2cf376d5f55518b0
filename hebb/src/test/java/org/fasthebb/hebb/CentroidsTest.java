package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.assertClose;
import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fasthebb.engine.Tensor;
import org.junit.jupiter.api.Test;

class CentroidsTest {
  private static final int[] LABELS = {2, 0, 2, 4, 4, 2, 0, 4, 4, 2};
  private static final int CLASSES = 6; // of which 1, 3 and 5 have no samples

  private static final Tensor TARGETS = targets(LABELS);

  private static Tensor targets(int... labels) {
    return Tensors.CPU.oneHot(labels, CLASSES);
  }

  @Test
  void fullStepEndsAtTheClassMeans() {
    Tensor x = random(1, LABELS.length, 7);
    Tensor w = weights(2, CLASSES, 7);
    double[][] expected = Tensors.rows(w);
    double[][] samples = Tensors.rows(x);
    for (int c = 0; c < CLASSES; c++) {
      double[] sum = new double[7];
      int count = 0;
      for (int b = 0; b < LABELS.length; b++) {
        if (LABELS[b] == c) {
          count++;
          for (int j = 0; j < 7; j++) {
            sum[j] += samples[b][j];
          }
        }
      }
      for (int j = 0; count > 0 && j < 7; j++) {
        expected[c][j] = sum[j] / count;
      }
    }
    assertClose("means", expected, w.plus(Centroids.delta(x, w, TARGETS)), 1e-6);
  }

  @Test
  void classWithoutSamplesStaysExactly() {
    Tensor w = weights(2, CLASSES, 7);
    Tensor delta = Centroids.delta(random(1, LABELS.length, 7), w, TARGETS);
    for (int c : new int[] {1, 3, 5}) {
      assertArrayEquals(new float[7], delta.slice(0, c, c + 1).toArray());
    }
    Tensor none = Centroids.delta(random(1, 0, 7), w, targets());
    assertArrayEquals(new float[CLASSES * 7], none.toArray());
  }

  @Test
  void scoresAreProjectionsOnTheNormalisedWeights() {
    Tensor x = random(1, 9, 7);
    Tensor w = weights(2, CLASSES, 7);
    w.slice(0, 4, 5).fill(0);
    double[][] samples = Tensors.rows(x);
    double[][] weights = Tensors.rows(w);
    double[][] expected = new double[9][CLASSES];
    for (int b = 0; b < 9; b++) {
      for (int c = 0; c < CLASSES; c++) {
        double dot = 0;
        double squares = 0;
        for (int j = 0; j < 7; j++) {
          dot += samples[b][j] * weights[c][j];
          squares += weights[c][j] * weights[c][j];
        }
        expected[b][c] = squares == 0 ? 0 : dot / Math.sqrt(squares);
      }
    }
    assertClose("scores", expected, Centroids.scores(x, w), 1e-6);
    assertTrue(expected[0][0] * Tensors.rows(Centroids.scores(x, w))[0][0] > 0, "with their sign");
  }

  @Test
  void learnedCentroidsNameTheClassesTheyWereLearnedFrom() {
    Tensor x = random(1, 60, 20).times(0.3f);
    int[] labels = new int[60];
    for (int b = 0; b < 60; b++) {
      labels[b] = b % 4;
      x.slice(0, b, b + 1)
          .slice(1, 5 * labels[b], 5 * labels[b] + 5)
          .addAssign(Tensors.CPU.zeros(1).fill(3));
    }
    Tensor w = weights(2, 4, 20);
    w.addAssign(Centroids.delta(x, w, Tensors.CPU.oneHot(labels, 4)));
    double[][] scores = Tensors.rows(Centroids.scores(x, w));
    for (int b = 0; b < 60; b++) {
      int best = 0;
      for (int c = 1; c < 4; c++) {
        best = scores[b][c] > scores[b][best] ? c : best;
      }
      assertEquals(labels[b], best, "sample " + b);
    }
  }

  @Test
  void refusals() {
    Tensor x = random(1, 3, 7);
    Tensor w = weights(2, CLASSES, 7);
    refused("[2, 6] do not fit features [3, 7]", () -> Centroids.delta(x, w, targets(0, 0)));
    Tensor five = Tensors.CPU.oneHot(new int[3], 5);
    refused("[3, 5] do not fit", () -> Centroids.delta(x, w, five));
    Tensor other = random(1, 3, 8);
    refused("[6, 7]", () -> Centroids.delta(other, w, targets(0, 0, 0)));
    refused("[6, 7]", () -> Centroids.scores(other, w));
  }

  private static void refused(String hint, org.junit.jupiter.api.function.Executable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
    assertTrue(message.contains(hint), message);
  }
}
