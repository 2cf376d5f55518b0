package org.fasthebb.models.learn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SavePaceTest {
  @Test
  void quickSavesComeEvery20Seconds() {
    assertFalse(SavePace.USUAL.isDue(19, 0));
    assertTrue(SavePace.USUAL.isDue(21, 0));
    assertTrue(SavePace.USUAL.isDue(21, 0.4));
  }

  @Test
  void slowSavesTakeTwoPercentOfTheTime() {
    assertFalse(SavePace.USUAL.isDue(99, 2));
    assertTrue(SavePace.USUAL.isDue(101, 2));
  }

  @Test
  void aPaceThatWasAskedForIsKept() {
    assertTrue(SavePace.every(60).isDue(61, 30));
    assertFalse(SavePace.every(60).isDue(59, 30));
    assertTrue(SavePace.every(0).isDue(1e-6, 30), "after every step");
  }
}
