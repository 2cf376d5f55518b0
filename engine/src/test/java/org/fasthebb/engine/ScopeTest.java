package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private final Backend cpu = Backend.cpu(2);

  @AfterEach
  void close() {
    cpu.close();
  }

  private static void assertGone(Tensor x) {
    String message = assertThrows(IllegalStateException.class, x::toArray).getMessage();
    assertTrue(message.contains("scope that has closed") && message.contains("keep()"), message);
    assertThrows(IllegalStateException.class, () -> x.plus(1));
    assertThrows(IllegalStateException.class, () -> x.fill(1));
    assertThrows(IllegalStateException.class, () -> x.reshape(x.size()).sum());
  }

  @Test
  void memoryGoesFromRoundToRound() {
    float[] first;
    Tensor x;
    try (Scope _ = cpu.scope()) {
      x = cpu.empty(10, 10);
      first = x.storage().array();
    }
    assertGone(x);
    try (Scope _ = cpu.scope()) {
      assertSame(first, cpu.empty(99).storage().array(), "the same size class");
      assertNotSame(first, cpu.empty(100).storage().array(), "lent already");
    }
  }

  /** Each half takes 9 sixteenths of the heap, in sizes that cannot use each other's memory. */
  @Tag("long") // most of the heap is written
  @Test
  void memoryThatWaitsIsGivenUpWhereThereIsNoOther() {
    int piece = Math.toIntExact(Math.min(1 << 28, Runtime.getRuntime().maxMemory() / 16 / 4));
    for (int size : new int[] {piece, piece / 4 * 5}) {
      try (Scope _ = cpu.scope()) {
        for (int i = 0; i < 9; i++) {
          cpu.empty(size).slice(0, 0, 1).fill(i);
        }
      }
    }
  }

  @Test
  void everyOperationBorrowsFromTheScope() {
    Tensor a = cpu.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor[] made;
    try (Scope _ = cpu.scope()) {
      made =
          new Tensor[] {
            a.plus(a), a.exp(), a.sum(0), a.softmax(1), contract("ij,kj->ik", a, a), a.copy()
          };
      assertArrayEquals(new float[] {2, 4, 6, 8}, made[0].toArray());
    }
    for (Tensor x : made) {
      assertGone(x);
    }
    assertArrayEquals(new float[] {1, 2, 3, 4}, a.toArray());
  }

  @Test
  void tensorsFromOutsideAndNewZerosLiveOn() {
    Tensor outside = cpu.zeros(3);
    Tensor inside;
    Tensor given;
    try (Scope _ = cpu.scope()) {
      outside.addAssign(cpu.empty(3).fill(2));
      inside = cpu.zeros(3);
      given = cpu.of(new float[] {5}, 1);
    }
    assertArrayEquals(new float[] {2, 2, 2}, outside.toArray());
    assertArrayEquals(new float[3], inside.toArray());
    assertEquals(5, given.item());
  }

  @Test
  void scopesNest() {
    try (Scope _ = cpu.scope()) {
      Tensor outer = cpu.empty(4).fill(1);
      Tensor inner;
      try (Scope _ = cpu.scope()) {
        inner = outer.plus(1);
        outer.addAssign(inner);
      }
      assertGone(inner);
      assertArrayEquals(new float[] {3, 3, 3, 3}, outer.toArray());
      assertArrayEquals(new float[] {4, 4, 4, 4}, outer.plus(1).toArray());
    }
  }

  @Test
  void keepHandsToTheEnclosingScope() {
    Tensor kept;
    try (Scope _ = cpu.scope()) {
      try (Scope middle = cpu.scope()) {
        try (Scope inner = cpu.scope()) {
          kept = inner.keep(cpu.empty(5).fill(7));
        }
        assertArrayEquals(new float[] {7, 7, 7, 7, 7}, kept.toArray());
        assertNotSame(kept.storage().array(), cpu.empty(5).storage().array());
        kept = middle.keep(kept);
      }
      assertArrayEquals(new float[] {7, 7, 7, 7, 7}, kept.toArray());
    }
    assertGone(kept);
  }

  @Test
  void keepInTheOutermostScopeHandsToTheGarbageCollector() {
    Tensor kept;
    Tensor row;
    Tensor original;
    try (Scope scope = cpu.scope()) {
      original = cpu.empty(5).fill(7);
      kept = scope.keep(original);
      row = scope.keep(cpu.empty(3, 2).assign(cpu.of(new float[] {1, 2}, 2)).slice(0, 1, 2));
    }
    assertArrayEquals(new float[] {7, 7, 7, 7, 7}, kept.toArray());
    assertEquals(5, kept.storage().array().length, "cut to size");
    assertArrayEquals(new float[] {1, 2}, row.toArray());
    assertArrayEquals(new int[] {1, 2}, row.shape());
    try (Scope _ = cpu.scope()) {
      cpu.empty(5).fill(-1);
      cpu.empty(6).fill(-1);
    }
    assertArrayEquals(new float[] {7, 7, 7, 7, 7}, kept.toArray());
  }

  @Test
  void keepTakesOnlyWhatTheScopeLent() {
    Tensor outside = cpu.zeros(3);
    try (Scope outer = cpu.scope()) {
      Tensor ofOuter = cpu.empty(3);
      try (Scope inner = cpu.scope()) {
        for (Tensor foreign : new Tensor[] {outside, ofOuter}) {
          String message =
              assertThrows(IllegalArgumentException.class, () -> inner.keep(foreign)).getMessage();
          assertTrue(message.contains("[3]") && message.contains("not of this scope"), message);
        }
        Tensor mine = inner.keep(cpu.empty(3));
        assertThrows(IllegalArgumentException.class, () -> inner.keep(mine), "kept twice");
      }
      assertNotSame(ofOuter.storage(), outer.keep(ofOuter).storage(), "copied out");
    }
  }

  @Test
  void keepAfterCloseIsRefused() {
    try (Scope _ = cpu.scope()) {
      Scope inner = cpu.scope();
      Tensor x = cpu.empty(3);
      inner.close();
      assertThrows(IllegalArgumentException.class, () -> inner.keep(x));
    }
  }

  @Test
  void closingOutOfOrderIsRefusedAndHarmless() {
    Scope outer = cpu.scope();
    Scope inner = cpu.scope();
    Tensor x = cpu.empty(3).fill(4);
    String message = assertThrows(IllegalStateException.class, outer::close).getMessage();
    assertTrue(message.contains("reverse order"), message);
    assertArrayEquals(new float[] {4, 4, 4}, x.toArray());
    inner.close();
    assertThrows(IllegalStateException.class, inner::close, "twice");
    outer.close();
    assertGone(x);
  }

  @Test
  void aFailureInsideClosesTheScope() {
    Tensor[] made = new Tensor[1];
    assertThrows(
        IllegalArgumentException.class,
        () -> {
          try (Scope _ = cpu.scope()) {
            made[0] = cpu.empty(3);
            made[0].plus(cpu.empty(4));
          }
        });
    assertGone(made[0]);
    assertEquals(3, cpu.empty(3).storage().array().length, "no scope is open");
  }
}
