package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.counting;
import static org.fasthebb.engine.Tensors.forEachIndex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/**
 * Views of a tensor that holds 0, 1, 2, .., so that the value of an element is its row-major index
 * in that tensor.
 */
class ViewsTest {
  private static void assertView(int[] shape, ToIntFunction<int[]> origin, Tensor view) {
    assertArrayEquals(shape, view.shape(), "shape");
    float[] expected = new float[Tensors.count(shape)];
    int[] at = {0};
    forEachIndex(shape, index -> expected[at[0]++] = origin.applyAsInt(index));
    assertArrayEquals(expected, view.toArray());
    assertArrayEquals(expected, view.copy().toArray(), "copied");
  }

  @Test
  void shapeAndSizes() {
    Tensor x = counting(3, 4, 5);
    assertEquals(3, x.rank());
    assertEquals(60, x.size());
    assertEquals(4, x.size(1));
    assertEquals(5, x.size(-1));
    assertEquals(3, x.size(-3));
    assertEquals("[3, 4, 5]", x.layout().toString());
    assertEquals(0, counting().rank());
    assertEquals(1, counting().size());
  }

  @Test
  void changingTheReturnedShapeChangesNothing() {
    Tensor x = counting(3, 4);
    x.shape()[0] = 99;
    assertArrayEquals(new int[] {3, 4}, x.shape());
  }

  @Test
  void reshapeKeepsRowMajorOrder() {
    Tensor x = counting(3, 4, 5);
    assertView(new int[] {5, 12}, i -> i[0] * 12 + i[1], x.reshape(5, 12));
    assertView(new int[] {60}, i -> i[0], x.reshape(60));
    assertView(new int[] {1, 60, 1}, i -> i[1], x.reshape(1, 60, 1));
    assertView(
        new int[] {2, 5}, i -> 20 + i[0] * 5 + i[1], x.slice(0, 1, 2).reshape(4, 5).slice(0, 0, 2));
    assertView(new int[] {}, i -> 7, counting(9).slice(0, 7, 8).reshape());
    assertView(new int[] {0, 7}, i -> 0, counting(3, 0).reshape(0, 7));
  }

  @Test
  void permuteReordersAxes() {
    Tensor x = counting(3, 4, 5);
    assertView(new int[] {5, 3, 4}, i -> i[1] * 20 + i[2] * 5 + i[0], x.permute(2, 0, 1));
    assertView(new int[] {5, 3, 4}, i -> i[1] * 20 + i[2] * 5 + i[0], x.permute(-1, 0, -2));
    assertView(new int[] {3, 4, 5}, i -> i[0] * 20 + i[1] * 5 + i[2], x.permute(0, 1, 2));
    assertView(new int[] {4, 3}, i -> i[1] * 4 + i[0], counting(3, 4).permute(1, 0));
  }

  @Test
  void sliceKeepsARange() {
    Tensor x = counting(3, 4, 5);
    assertView(new int[] {3, 2, 5}, i -> i[0] * 20 + (i[1] + 1) * 5 + i[2], x.slice(1, 1, 3));
    assertView(new int[] {3, 4, 1}, i -> i[0] * 20 + i[1] * 5 + 4, x.slice(-1, 4, 5));
    assertView(new int[] {3, 0, 5}, i -> 0, x.slice(1, 2, 2));
    assertView(
        new int[] {2, 2, 3},
        i -> (i[0] + 1) * 20 + (i[1] + 2) * 5 + i[2] + 1,
        x.slice(0, 1, 3).slice(1, 2, 4).slice(2, 1, 4));
    assertView(
        new int[] {2, 3}, i -> i[1] * 4 + i[0] + 1, counting(3, 4).permute(1, 0).slice(0, 1, 3));
  }

  @Test
  void flattenCountsAxesAsOne() {
    Tensor x = counting(3, 4, 5);
    assertView(new int[] {12, 5}, i -> i[0] * 5 + i[1], x.flatten(0, 1));
    assertView(new int[] {60}, i -> i[0], x.flatten(0, -1));
    assertView(new int[] {3, 4, 5}, i -> i[0] * 20 + i[1] * 5 + i[2], x.flatten(1, 1));
    assertView(
        new int[] {3, 6},
        i -> i[0] * 20 + (i[1] / 3 + 1) * 5 + i[1] % 3,
        x.slice(1, 1, 3).slice(2, 0, 3).flatten(1, 2));
    assertView(
        new int[] {15, 4},
        i -> i[0] % 3 * 20 + i[1] * 5 + i[0] / 3,
        x.permute(2, 0, 1).flatten(0, 1));
    assertView(new int[] {20, 3}, i -> i[1] * 20 + i[0], x.flatten(1, 2).permute(1, 0));
  }

  @Test
  void broadcastRepeatsAxesOfSizeOne() {
    assertView(new int[] {3, 4}, i -> i[0], counting(3, 1).broadcast(3, 4));
    assertView(new int[] {3, 4}, i -> i[1], counting(4).broadcast(3, 4));
    assertView(new int[] {2, 3, 4}, i -> i[1] * 4 + i[2], counting(3, 4).broadcast(2, 3, 4));
    assertView(new int[] {2, 3}, i -> 0, counting().broadcast(2, 3));
    assertView(new int[] {0, 4}, i -> 0, counting(1, 4).broadcast(0, 4));
  }

  @Test
  void patchesCutImages() {
    Tensor x = counting(2, 4, 5, 3);
    // Row 17 is image 1, y 1, x 2 (of 3 x 4 positions); value 8 is i 1, j 0, c 2.
    float[] patches = x.patches(2, 2).toArray();
    assertEquals(((1 * 4 + (1 + 1)) * 5 + (1 + 0)) * 3 + 2, patches[17 * 12 + 8]);
    assertArrayEquals(new int[] {24, 12}, x.patches(2, 2).shape());
  }

  @Test
  void viewsShareMemoryAndCopiesDoNot() {
    Tensor x = counting(3, 4);
    Tensor copy = x.copy();
    x.permute(1, 0).slice(0, 1, 2).fill(-1);
    assertArrayEquals(new float[] {0, -1, 2, 3, 4, -1, 6, 7, 8, -1, 10, 11}, x.toArray());
    assertEquals(1, copy.toArray()[1]);
    assertNotSame(x.storage(), copy.storage());
    assertSame(x.storage(), x.reshape(12).storage());
  }

  @Test
  void contiguousCopiesOnlyIfItMust() {
    Tensor x = counting(4, 3);
    assertSame(x, x.contiguous());
    Tensor rows = x.slice(0, 1, 3);
    assertSame(rows, rows.contiguous());
    Tensor columns = x.slice(1, 1, 3);
    assertNotSame(columns, columns.contiguous());
    assertArrayEquals(columns.toArray(), columns.contiguous().toArray());
    Tensor merged = counting(2, 3, 4).flatten(0, 1); // gapless, but composite
    assertTrue(merged.contiguous().layout().isSimple());
  }

  @Test
  void gaplessViewsAreRecognised() {
    Tensor x = counting(4, 1, 3);
    assertTrue(x.layout().isContiguous());
    assertTrue(x.permute(1, 0, 2).layout().isContiguous()); // an axis of size 1 may be anywhere
    assertTrue(x.slice(0, 2, 4).layout().isContiguous());
    assertTrue(x.slice(2, 1, 1).layout().isContiguous()); // an empty tensor has no gaps
    assertFalse(x.slice(2, 0, 2).layout().isContiguous());
    assertFalse(x.permute(2, 1, 0).layout().isContiguous());
    assertFalse(counting(1, 3).broadcast(4, 3).layout().isContiguous());
    assertTrue(counting(2, 3, 3, 2).patches(3, 3).layout().isContiguous());
    assertFalse(counting(2, 3, 4, 2).patches(3, 3).layout().isContiguous());
  }

  @Test
  void writeChangesTheViewOnly() {
    Tensor x = counting(3, 2);
    x.slice(0, 1, 2).write(new float[] {-1, -2});
    assertArrayEquals(new float[] {0, 1, -1, -2, 4, 5}, x.toArray());
    counting(0, 3).write(new float[0]);
  }

  @Test
  void itemReadsFromAnyView() {
    assertEquals(7, counting(3, 4).slice(0, 1, 2).slice(1, 3, 4).item());
    assertEquals(0, counting().item());
  }

  @Test
  void textShowsShapeAndFewElements() {
    assertEquals("tensor [2, 2] [0.0, 1.0, 2.0, 3.0]", counting(2, 2).toString());
    assertEquals("tensor [11, 3]", counting(11, 3).toString());
  }
}
