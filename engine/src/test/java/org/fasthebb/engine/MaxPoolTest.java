package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.CPU;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.integers;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaxPoolTest {
  /** Maximum, winner and gradient by the definition. */
  private static final class Reference {
    final double[] maximum;
    final double[] winner;
    final double[] gradient;

    Reference(Tensor x, int k, float[] dy) {
      int h = x.size(1);
      int w = x.size(2);
      int c = x.size(3);
      int ho = h / k;
      int wo = w / k;
      float[] values = x.toArray();
      maximum = new double[x.size(0) * ho * wo * c];
      winner = new double[maximum.length];
      gradient = new double[values.length];
      Arrays.fill(maximum, Double.NEGATIVE_INFINITY);
      Tensors.forEachIndex(
          new int[] {x.size(0), ho, wo, k, k, c},
          i -> {
            int from = ((i[0] * h + i[1] * k + i[3]) * w + i[2] * k + i[4]) * c + i[5];
            int to = ((i[0] * ho + i[1]) * wo + i[2]) * c + i[5];
            if (values[from] > maximum[to]) {
              maximum[to] = values[from];
              winner[to] = i[3] * k + i[4];
            }
          });
      for (int to = 0; to < maximum.length; to++) {
        int column = to / c % wo * k + (int) winner[to] % k;
        int row = to / c / wo % ho * k + (int) winner[to] / k;
        gradient[((to / c / wo / ho * h + row) * w + column) * c + to % c] += dy[to];
      }
    }
  }

  private static void check(Tensor x, int k) {
    Tensor out = CPU.zeros(x.size(0), x.size(1) / k, x.size(2) / k, x.size(3));
    Tensor dy = random(9, out.shape());
    Reference reference = new Reference(x, k, dy.toArray());
    assertExact("pooled", reference.maximum, x.maxPool(k));
    Tensor winners = CPU.zeros(out.shape()).fill(Float.NaN);
    CPU.device().maxPool(x, k, out, winners);
    assertExact("pooled", reference.maximum, out);
    assertExact("winners", reference.winner, winners);
    Tensor dx = CPU.zeros(x.shape()).fill(Float.NaN);
    CPU.device().maxPoolBackward(dy, winners, k, dx);
    assertExact("gradient", reference.gradient, dx);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, 2, 1, 2", "2, 4, 6, 3, 2", "3, 5, 7, 33, 2", "2, 7, 8, 5, 3", "1, 3, 3, 2, 1",
    "2, 9, 5, 17, 4", "1, 5, 5, 3, 5", "0, 4, 4, 3, 2", "2, 4, 4, 0, 2", "4, 28, 28, 6, 2"
  })
  void everyShape(int b, int h, int w, int c, int k) {
    check(random(1, b, h, w, c), k);
    check(integers(2, b, h, w, c), k); // with many ties
  }

  @Test
  void tiesGoToTheFirst() {
    check(CPU.zeros(2, 4, 4, 3), 2);
    check(CPU.zeros(2, 4, 4, 3).fill(-3), 2);
    Tensor x = CPU.of(new float[] {1, 5, 5, 5}, 1, 2, 2, 1);
    Tensor winners = CPU.zeros(1, 1, 1, 1);
    CPU.device().maxPool(x, 2, CPU.zeros(1, 1, 1, 1), winners);
    assertEquals(1, winners.item());
  }

  @Test
  void viewsAreReadAsIfGapless() {
    Tensor x = random(1, 2, 5, 6, 3);
    assertArrayEquals(x.maxPool(2).toArray(), Tensors.withGaps(x).maxPool(2).toArray());
    assertArrayEquals(x.maxPool(2).toArray(), Tensors.transposed(x).maxPool(2).toArray());
  }

  @Test
  void nanIsNotLost() {
    for (int at = 0; at < 4; at++) {
      float[] values = {1, 2, 3, 4};
      values[at] = Float.NaN;
      Tensor x = CPU.of(values, 1, 2, 2, 1);
      Tensor out = CPU.zeros(1, 1, 1, 1);
      Tensor winner = CPU.zeros(1, 1, 1, 1);
      CPU.device().maxPool(x, 2, out, winner);
      assertTrue(Float.isNaN(x.maxPool(2).item()) && Float.isNaN(out.item()), "NaN at " + at);
      assertEquals(at, winner.item());
    }
  }

  @Test
  void windowsThatDoNotFit() {
    for (int k : new int[] {0, -1, 4, 6}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> random(1, 2, 3, 5, 1).maxPool(k))
              .getMessage();
      assertTrue(message.contains(k + "x" + k) && message.contains("[2, 3, 5, 1]"), message);
    }
    assertThrows(IllegalArgumentException.class, () -> random(1, 4, 4, 2).maxPool(2));
  }
}
