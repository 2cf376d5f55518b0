package org.fasthebb.hebb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.api.Test;

class KBestTest {
  private static float[] winners(int k, float... scores) {
    return KBest.of(Tensors.CPU.of(scores, 1, scores.length), k).toArray();
  }

  @Test
  void theBestKWin() {
    assertArrayEquals(new float[] {0, 1, 0, 0}, winners(1, -1, 3, 2, 0));
    assertArrayEquals(new float[] {0, 1, 1, 0}, winners(2, -1, 3, 2, 0));
    assertArrayEquals(new float[] {0, 1, 1, 1}, winners(3, -1, 3, 2, 0));
    assertArrayEquals(new float[] {0, 0, 1, 0}, winners(1, -4, -3, -2, -5), "all below zero");
  }

  @Test
  void neuronsThatTieWithTheLastWinnerWinToo() {
    assertArrayEquals(new float[] {1, 1, 0, 0}, winners(1, 5, 5, 3, 3));
    assertArrayEquals(new float[] {1, 1, 0, 0}, winners(2, 5, 5, 3, 3), "both places are taken");
    assertArrayEquals(new float[] {1, 1, 1, 1}, winners(3, 5, 5, 3, 3));
    assertArrayEquals(new float[] {1, 1, 1}, winners(2, 0, 0, 0));
    assertArrayEquals(new float[] {1, 1}, winners(1, 0, -0f));
  }

  @Test
  void moreWinnersThanNeurons() {
    assertArrayEquals(new float[] {1, 1}, winners(2, 1, -1e30f));
    assertArrayEquals(new float[] {1, 1}, winners(5, 1, -1));
    assertArrayEquals(new float[] {1}, winners(3, 0));
  }

  /** Each row against the definition: fewer than k score more. */
  @Test
  void rows() {
    float[] scores = Tensors.random(1, 200, 17).toArray();
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.round(4 * scores[i]); // many ties
    }
    for (int k = 1; k < 20; k++) {
      float[] actual = KBest.of(Tensors.CPU.of(scores, 200, 17), k).toArray();
      for (int row = 0; row < 200; row++) {
        float[] values = Arrays.copyOfRange(scores, row * 17, row * 17 + 17);
        for (int i = 0; i < 17; i++) {
          int above = 0;
          for (float value : values) {
            above += value > values[i] ? 1 : 0;
          }
          assertEquals(above < k ? 1 : 0, actual[row * 17 + i], "k " + k + " row " + row);
        }
      }
    }
  }

  @Test
  void noRows() {
    Tensor none = KBest.of(Tensors.CPU.zeros(0, 4), 2);
    assertArrayEquals(new int[] {0, 4}, none.shape());
  }
}
