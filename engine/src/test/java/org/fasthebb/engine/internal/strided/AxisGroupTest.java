package org.fasthebb.engine.internal.strided;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.fasthebb.engine.Layout.Axis;
import org.junit.jupiter.api.Test;

class AxisGroupTest {
  private static AxisGroup group(int[] sizes, int... strides) {
    return AxisGroup.of(new Axis(sizes, strides));
  }

  private static void assertLoops(int[] sizes, int[] strides, AxisGroup group) {
    assertArrayEquals(sizes, Arrays.copyOf(group.sizes(), group.depth()));
    assertArrayEquals(strides, Arrays.copyOf(group.strides(0), group.depth()));
    assertArrayEquals(strides, Arrays.copyOf(group.strides(1), group.depth()));
  }

  @Test
  void loopsThatOneStrideLeadsThroughAreOne() {
    assertLoops(new int[] {24}, new int[] {1}, group(new int[] {2, 3, 4}, 12, 4, 1));
    assertLoops(new int[] {6, 4}, new int[] {5, 1}, group(new int[] {2, 1, 3, 4}, 15, 9, 5, 1));
    AxisGroup both = new AxisGroup();
    both.add(new Axis(new int[] {2, 3}, new int[] {3, 1}), new Axis(new int[] {6}, new int[] {2}));
    assertEquals(1, both.depth());
    assertArrayEquals(new int[] {1, 2}, new int[] {both.strides(0)[0], both.strides(1)[0]});
  }

  @Test
  void thereMayBeMoreLoopsThanUsual() {
    int[] sizes = new int[13];
    int[] strides = new int[13];
    for (int i = 0; i < 13; i++) {
      sizes[i] = 2;
      strides[i] = 100 * (i + 1);
    }
    AxisGroup group = group(sizes, strides);
    assertLoops(sizes, strides, group);
    assertEquals(1 << 13, group.total());
    assertEquals(100 + 1300, group.offset(0, (1 << 12) + 1));
  }

  @Test
  void oneStrideThroughAllIndicesOrNone() {
    assertEquals(7, group(new int[] {4}, 7).uniformStride(0));
    assertEquals(0, group(new int[] {1}, 7).uniformStride(0));
    assertEquals(AxisGroup.IRREGULAR, group(new int[] {2, 3}, 4, 1).uniformStride(0));
    // The first operand is regular; the loops are two because of the second.
    AxisGroup half = new AxisGroup();
    half.add(
        new Axis(new int[] {2, 3}, new int[] {6, 2}), new Axis(new int[] {2, 3}, new int[] {5, 1}));
    assertEquals(2, half.uniformStride(0));
    assertEquals(AxisGroup.IRREGULAR, half.uniformStride(1));
    assertEquals(AxisGroup.IRREGULAR, half.swapped().uniformStride(0));
  }

  @Test
  void loopsOfTheFirstOperandAreCompared() {
    AxisGroup group = group(new int[] {2, 3}, 4, 1);
    assertTrue(group.hasFirstOf(group(new int[] {2, 3}, 4, 1)));
    assertFalse(group.hasFirstOf(group(new int[] {2, 2}, 4, 1)));
    assertFalse(group.hasFirstOf(group(new int[] {2, 3}, 5, 1)));
    assertFalse(group.hasFirstOf(group(new int[] {2}, 4)));
    AxisGroup other = new AxisGroup();
    other.add(
        new Axis(new int[] {2, 3}, new int[] {4, 1}), new Axis(new int[] {2, 3}, new int[] {8, 2}));
    assertTrue(group.hasFirstOf(other));
    assertFalse(group.hasFirstOf(other.swapped()));
  }
}
