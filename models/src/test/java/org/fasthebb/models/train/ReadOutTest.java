package org.fasthebb.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fasthebb.engine.Backend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** How the read-out begins, and how its learning rate falls. */
class ReadOutTest {
  private static final Backend CPU = Backend.cpu(2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  @Test
  void theRateIsHalvedAtTheAuthorsEpochs() {
    ReadOutTrainee readOut = new ReadOutTrainee(CPU, 4, 2, 50, 0);
    int[] halvings = {10, 17, 25, 30, 35, 40, 45};
    double rate = 1e-3;
    int next = 0;
    for (int epoch = 0; epoch < 50; epoch++) {
      if (next < halvings.length && epoch == halvings[next]) {
        rate /= 2;
        next++;
      }
      assertEquals(rate, readOut.rate(epoch), 1e-9, "epoch " + epoch);
    }
    assertEquals(1e-3 / 128, readOut.rate(49), 1e-9);
  }

  @Test
  void theWeightsBeginAsTheAuthorsDo() {
    float[] weights =
        new ReadOutTrainee(CPU, 24_576, 10, 50, 0).parameters().get("fc.weight").toArray();
    double sum = 0;
    for (float w : weights) {
      assertTrue(w >= 0 && w < 0.11049f, w + " is not from U[0, 0.1105)");
      sum += w;
    }
    assertEquals(0.11048543 / 2, sum / weights.length, 5e-4);
  }
}
