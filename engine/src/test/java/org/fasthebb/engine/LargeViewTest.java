package org.fasthebb.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Views and shapes whose numbers of elements do not fit into 31 bits. */
class LargeViewTest {
  private static final Backend CPU = Tensors.CPU;

  /** 2^16 patches of 2^16 values, of which nothing is stored: 2^32 elements. */
  private static Tensor patches() {
    return CPU.zeros(1, 511, 511, 1).fill(1).patches(256, 256);
  }

  private static void refused(Executable call, String... parts) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void aViewKnowsItsNumberOfElements() {
    Tensor p = patches();
    assertEquals(4_294_967_296L, p.layout().count());
    assertFalse(p.layout().isContiguous());
    assertEquals("tensor [65536, 65536]", p.toString());
    refused(p::size, "[65536, 65536]", "4294967296", "2^31-1");
    assertEquals(4_469_992_164L, CPU.zeros(1, 2058, 2058, 1).patches(33, 33).layout().count());
    // The product of these sizes is 2^32 + 2^24, which is a positive number in 32 bits, too.
    assertEquals(4_311_744_512L, CPU.zeros(1, 512, 511, 1).patches(256, 256).layout().count());
  }

  @Test
  void asManyElementsAsIntCanCountAreNotTooMany() {
    Tensor most = CPU.zeros(1).fill(2).broadcast(Integer.MAX_VALUE);
    assertEquals(Integer.MAX_VALUE, most.size());
    assertEquals(Integer.MAX_VALUE, most.layout().axis(0).size());
  }

  @Test
  void whatWouldStoreOrCountAllElementsIsRefused() {
    Tensor p = patches();
    refused(p::copy, "[65536, 65536]");
    refused(() -> p.plus(1), "[65536, 65536]");
    refused(() -> p.plus(p), "[65536, 65536]");
    refused(() -> p.broadcast(1, 65536, 65536), "[1, 65536, 65536]");
    refused(() -> p.flatten(0, 1), "[1, 256, 256, 256, 256, 1]", "2^31-1");
    refused(() -> p.reshape(0), "[65536, 65536]");
    refused(() -> p.write(new float[0]), "[65536, 65536]");
    refused(() -> p.read(new float[0]), "[65536, 65536]");
    refused(p::toArray, "[65536, 65536]");
    refused(p::item, "[65536, 65536]");
    refused(() -> p.fill(0), "[65536, 65536]");
    refused(p::sum, "[65536, 65536]", "one axis after the other");
    refused(() -> p.sumOfSquares(), "[65536, 65536]");
    refused(() -> Contraction.contract("bs,bs->", p, p), "bs,bs->", "2^31-1");
  }

  @Test
  void rowsAndColumnsAreReduced() {
    // 216^4 elements are more than 2^31, and fewer than 2^32.
    Tensor p = CPU.zeros(1, 431, 431, 1).fill(0.5f).patches(216, 216);
    int n = 216 * 216;
    Tensor columns = p.sum(0);
    assertArrayEquals(new int[] {1, n}, columns.shape());
    assertEquals(n / 2f, columns.max().item());
    assertEquals(n / 4f, p.sumOfSquares(1).max().item());
  }

  @Test
  void aZeroMakesAnyShapeEmpty() {
    int[][] shapes = {
      {0, 65536, 65536}, {65536, 0, 65536}, {65536, 65536, 0}, {1 << 30, 1 << 30, 1 << 30, 0}
    };
    for (int[] shape : shapes) {
      Tensor x = CPU.zeros(shape);
      assertEquals(0, x.size());
      assertArrayEquals(shape, x.shape());
      assertArrayEquals(new float[0], x.plus(1).fill(2).toArray());
      assertArrayEquals(new float[0], x.slice(1, 0, Math.min(1, shape[1])).toArray());
      assertArrayEquals(shape, CPU.zeros(1).broadcast(shape).shape());
      assertArrayEquals(shape, CPU.zeros(0).reshape(shape).shape());
    }
    refused(() -> CPU.zeros(0, -1, 3), "[0, -1, 3]", "negative");
    refused(() -> CPU.zeros(65536, 65536, 1), "[65536, 65536, 1]", "2^31-1");
    refused(() -> CPU.zeros(1 << 30, 1 << 30, 1 << 30, 1 << 30), "2^31-1");
    refused(() -> CPU.zeros(65536, 65536, 0).flatten(0, 1), "[65536, 65536]", "2^31-1");
  }

  @Test
  void oneHotRefusesWhatIsTooLarge() {
    refused(() -> CPU.oneHot(new int[65536], 65536), "[65536, 65536]", "2^31-1");
    refused(() -> CPU.oneHot(new int[3], 1 << 30), "[3, 1073741824]", "2^31-1");
    refused(() -> CPU.oneHot(new int[3], -1), "negative");
    assertArrayEquals(new int[] {0, 65536}, CPU.oneHot(new int[0], 65536).shape());
  }

  @Test
  void kernelsOfManyPixelsAreRefused() {
    Tape tape = new Tape();
    Variable images = tape.constant(CPU.zeros(1, 2, 2, 3));
    Variable weights = tape.constant(CPU.zeros(3, 8));
    refused(() -> tape.convolveTransposed(images, weights, 65536, 65536), "65536x65536", "[3, 8]");
    refused(() -> tape.convolveTransposed(images, weights, 0, 2), "0x2");
  }
}
