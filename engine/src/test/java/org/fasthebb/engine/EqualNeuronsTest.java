package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Tensors.CPU;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/**
 * Neurons with equal weights have equal outputs and changes, to the last bit, wherever they lie.
 */
class EqualNeuronsTest {
  private static final int[] NEURONS = {2, 3, 7, 10, 16, 17, 31, 33, 40, 65};

  /** Rows that are all equal. */
  private static Tensor equalRows(long seed, int rows, int columns) {
    return random(seed, 1, columns).broadcast(rows, columns).copy();
  }

  private static void assertEqualColumns(String what, Tensor x) {
    float[] values = x.toArray();
    int n = x.size(-1);
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i / n * n], values[i], what + " " + x.layout() + ", column " + i % n);
    }
  }

  private static void assertEqualRows(String what, Tensor x) {
    assertEqualColumns(what, x.permute(1, 0));
  }

  @Test
  void softmax() {
    for (int n : NEURONS) {
      for (float scale : new float[] {0.3f, 1, 50}) {
        assertEqualColumns("softmax", random(n, 200, 1).broadcast(200, n).softmax(scale));
      }
    }
  }

  /** Sums of one and of several pieces of k, into blocks of several tiles, and added to. */
  @Test
  void products() {
    for (int n : NEURONS) {
      for (int s : new int[] {5, 75, 1700}) {
        for (int b : new int[] {1, 29, 130}) {
          Tensor x = random(s, b, s);
          Tensor w = equalRows(n, n, s);
          assertEqualColumns("outputs", contract("bs,ns->bn", x, w));
          assertEqualRows("outputs", contract("bs,ns->bn", w, random(b, b, s)));
          Tensor y = random(n, b, 1).broadcast(b, n).copy();
          assertEqualRows("changes", contractAdd(equalRows(2, n, s), "bn,bs->ns", y, x));
          assertEqualColumns("added", contractAdd(y, "bs,ns->bn", x, w));
        }
      }
    }
  }

  /** By Winograd's filtering. */
  @Test
  void convolutions() {
    int c = 37;
    Tensor images = random(1, 3, 21, 20, c);
    Tensor x = images.patches(3, 3);
    for (int n : new int[] {32, 33, 47, 70}) {
      assertEqualColumns("outputs", contract("bs,ns->bn", x, equalRows(n, n, 9 * c)));
      Tensor y = random(n, x.size(0), 1).broadcast(x.size(0), n).copy();
      assertEqualRows("changes", contract("bn,bs->ns", y, x));
      assertEqualRows("changes", contractAdd(equalRows(3, n, 9 * c), "bn,bs->ns", y, x));
    }
    Tensor equalChannels = images.slice(3, 0, 1).broadcast(3, 21, 20, c).copy().patches(3, 3);
    Tensor y = random(5, x.size(0), 40);
    assertEqualColumns("channels", contract("bn,bs->ns", y, equalChannels).reshape(40 * 9, c));
  }

  /** Values of a patch that are always equal keep equal weights. */
  @Test
  void deflation() {
    for (int s : NEURONS) {
      for (int n : new int[] {5, 24, 61}) {
        Tensor x = random(s, 90, 1).broadcast(90, s).copy();
        Tensor w = random(n, n, 1).broadcast(n, s).copy();
        CPU.device().deflate(random(3, 90, n), x, w, 24, 0.1f, w);
        assertEqualColumns("deflated", w);
      }
    }
  }

  @Test
  void competition() {
    for (int n : NEURONS) {
      for (float scale : new float[] {5, 50, 100}) {
        Tensor y = random(n, 300, 1).broadcast(300, n).copy();
        Tensor squares = CPU.zeros(300, n);
        Tensor sums = CPU.zeros(2, n);
        CPU.device()
            .compete(y, CPU.zeros(300, 1).fill(2), CPU.zeros(1, n).fill(3), scale, squares, sums);
        assertEqualColumns("outputs", y);
        assertEqualColumns("squares", squares);
        assertEqualColumns("sums", sums);
      }
    }
  }
}
