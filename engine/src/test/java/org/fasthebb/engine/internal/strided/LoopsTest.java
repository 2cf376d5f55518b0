package org.fasthebb.engine.internal.strided;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Layout.Axis;
import org.junit.jupiter.api.Test;

class LoopsTest {
  private static Loops loops(int[] sizes, int... strides) {
    return Loops.of(sizes, strides);
  }

  private static AxisGroup group(int[] sizes, int... strides) {
    return AxisGroup.of(new Axis(sizes, strides));
  }

  private static int[] sizes(Loops loops) {
    return IntStream.range(0, loops.depth()).map(loops::size).toArray();
  }

  private static int[] strides(Loops loops) {
    return IntStream.range(0, loops.depth()).map(d -> loops.stride(0, d)).toArray();
  }

  private static void assertLoops(int[] sizes, int[] strides, Loops loops) {
    assertArrayEquals(sizes, sizes(loops));
    assertArrayEquals(strides, strides(loops));
  }

  @Test
  void neighboursThatOneStrideLeadsThroughAreOneLoop() {
    assertLoops(new int[] {24}, new int[] {1}, loops(new int[] {2, 3, 4}, 12, 4, 1));
    assertLoops(new int[] {2, 12}, new int[] {20, 1}, loops(new int[] {2, 3, 4}, 20, 4, 1));
    assertLoops(new int[] {6, 4}, new int[] {5, 1}, loops(new int[] {2, 1, 3, 4}, 15, 9, 5, 1));
    assertEquals(0, loops(new int[] {1, 1}, 7, 7).depth());
  }

  @Test
  void loopsAreJoinedOnlyIfEveryOperandAllowsIt() {
    int[] sizes = {2, 3};
    assertEquals(1, Loops.of(sizes, new int[] {3, 1}, new int[] {6, 2}).depth());
    assertEquals(2, Loops.of(sizes, new int[] {3, 1}, new int[] {1, 2}).depth());
    assertEquals(2, Loops.of(sizes, new int[] {1, 2}, new int[] {3, 1}).depth());
  }

  @Test
  void thereMayBeMoreLoopsThanUsual() {
    int[] sizes = new int[13];
    int[] strides = new int[13];
    for (int i = 0; i < 13; i++) {
      sizes[i] = 2;
      strides[i] = 100 * (i + 1);
    }
    Loops loops = Loops.of(sizes, strides, new int[13]);
    assertLoops(sizes, strides, loops);
    assertEquals(100 + 1200, loops.start(0, (1 << 11) + 1));
  }

  @Test
  void groupsLieInsideOfEachOther() {
    AxisGroup pixels = group(new int[] {2, 3}, 60, 10);
    AxisGroup values = group(new int[] {5}, 2);
    assertLoops(
        new int[] {2, 15}, new int[] {60, 2}, Loops.ofFirst(pixels, new AxisGroup(), values));
  }

  @Test
  void flatLoopsLeadThroughNeighbours() {
    assertTrue(Loops.of(Layout.contiguous(3, 4), Layout.contiguous(3, 4)).isFlat());
    assertTrue(loops(new int[] {1}, 9).isFlat());
    assertFalse(loops(new int[] {4}, 2).isFlat());
    assertFalse(loops(new int[] {2, 3}, 4, 1).isFlat());
    assertFalse(Loops.of(new int[] {4}, new int[] {1}, new int[] {2}).isFlat());
    assertFalse(Loops.of(new int[] {4}, new int[] {2}, new int[] {1}).isFlat());
  }

  @Test
  void runsOfFourNeighbours() {
    assertLoops(new int[] {3, 2}, new int[] {4, 1}, loops(new int[] {3, 8}, 16, 1).inFours());
    assertLoops(new int[] {6}, new int[] {1}, loops(new int[] {3, 8}, 8, 1).inFours());
    assertNull(loops(new int[] {3, 6}, 16, 1).inFours());
    assertNull(loops(new int[] {3, 8}, 18, 1).inFours());
    assertNull(loops(new int[] {2, 3, 8}, 66, 16, 1).inFours());
    assertNull(loops(new int[] {3, 8}, 16, 2).inFours());
    assertNull(loops(new int[] {1}, 1).inFours());
  }

  @Test
  void rowsThatOneStrideLeadsThrough() {
    Loops loops = loops(new int[] {2, 3, 4}, 100, 10, 1);
    assertEquals(6, loops.rows());
    assertEquals(3, loops.evenRows(0));
    assertEquals(1, loops.evenRows(2));
    assertEquals(3, loops.evenRows(3));
    assertEquals(10, loops.rowStride(0));
    assertEquals(110, loops.start(0, 4));
    assertEquals(3, loops(new int[] {3, 4}, 10, 1).evenRows(0));
    assertEquals(1, loops(new int[] {4}, 1).evenRows(0));
  }
}
