package org.fasthebb.engine.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
  private static void assertFits(int size) {
    int sizeClass = Workspace.sizeClass(size);
    int capacity = Workspace.capacity(sizeClass);
    assertTrue(capacity >= size, size + " in an array of " + capacity);
    assertTrue(capacity <= Math.max(16, 1.25 * size), size + " wastes an array of " + capacity);
    int smaller = sizeClass == 16 ? 0 : Workspace.capacity(sizeClass - 1);
    assertTrue(smaller < size || size == 0, size + " would fit an array of " + smaller);
    assertEquals(sizeClass, Workspace.sizeClass(capacity), "it comes back where it came from");
  }

  @Test
  void arraysFitAndWasteAtMostAFifth() {
    for (int size = 0; size < 5000; size++) {
      assertFits(size);
    }
    for (int power = 12; power < 31; power++) {
      for (int quarter = 4; quarter < 8; quarter++) {
        int border = (int) Math.min(quarter * (1L << (power - 2)), Integer.MAX_VALUE - 9);
        assertFits(border - 1);
        assertFits(border);
        if (border + 1 <= 7 << 28) {
          assertFits(border + 1);
        }
      }
    }
  }

  @Test
  void largestArrayIsWhatTheJvmAllows() {
    int largest = Workspace.capacity(Workspace.sizeClass(Integer.MAX_VALUE - 8));
    assertEquals(Integer.MAX_VALUE - 8, largest);
  }

  private static Workspace<float[]> arrays() {
    return new Workspace<>(float[].class, float[]::new, array -> array.length);
  }

  @Test
  void drainedMemoryIsForgotten() {
    Workspace<float[]> workspace = arrays();
    float[] a = workspace.take(100);
    float[] lent = workspace.take(100);
    workspace.give(a);
    List<float[]> drained = new ArrayList<>();
    workspace.drain(drained::add);
    assertEquals(List.of(a), drained);
    assertNotSame(a, workspace.take(100));
    workspace.give(lent);
    assertSame(lent, workspace.take(100));
  }

  @Test
  void reservedArraysAreLentToNothingElse() {
    Workspace<float[]> workspace = arrays();
    float[] known = workspace.take(100);
    workspace.give(known);
    List<float[]> reserved =
        workspace.reserve(() -> {
          float[] first = workspace.take(100);
          assertSame(known, first);
          workspace.give(first);
          assertSame(first, workspace.take(100));
          workspace.give(first);
          workspace.give(workspace.take(200));
        });
    assertEquals(2, reserved.size());
    assertSame(known, reserved.getFirst());
    float[] other = workspace.take(100);
    assertNotSame(known, other);
    workspace.give(known);
    assertSame(known, workspace.take(100));
  }

  @Test
  void workThatFailsReservesNothing() {
    Workspace<float[]> workspace = arrays();
    float[] known = workspace.take(100);
    workspace.give(known);
    Runnable work =
        () -> {
          workspace.give(workspace.take(100));
          throw new IllegalArgumentException("work");
        };
    assertThrows(IllegalArgumentException.class, () -> workspace.reserve(work));
    assertSame(known, workspace.take(100));
  }

  @Test
  void givenArraysAreTakenAgain() {
    Workspace<float[]> workspace = arrays();
    float[] a = workspace.take(100);
    float[] b = workspace.take(100);
    assertNotSame(a, b);
    workspace.give(a);
    workspace.give(b);
    assertSame(b, workspace.take(97), "the last given, which the cache may still hold");
    assertSame(a, workspace.take(112));
    assertNotSame(a, workspace.take(100));
  }

  @Test
  void anotherSizeClassIsAnotherArray() {
    Workspace<float[]> workspace = arrays();
    float[] a = workspace.take(100);
    workspace.give(a);
    assertNotSame(a, workspace.take(113));
    assertNotSame(a, workspace.take(96));
    assertSame(a, workspace.take(100));
  }
}
