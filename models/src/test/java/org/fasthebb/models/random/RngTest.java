package org.fasthebb.models.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.fasthebb.engine.SplitMix64;
import org.junit.jupiter.api.Test;

class RngTest {

  @Test
  void mixIsTheSplitmixFinaliser() {
    assertEquals(0x5692161d100b05e5L, SplitMix64.mix(1));
    assertEquals(0, SplitMix64.mix(0));
  }

  @Test
  void streamOfKeyZeroIsPublishedSplitmix64() {
    // The first outputs of the reference splitmix64 with state 0. Key 0 is mixed to state 0.
    assertEquals(0xe220a8397b1dcdafL, SplitMix64.bits(0, 0));
    assertEquals(0x6e789e6aa1b965f4L, SplitMix64.bits(0, 1));
    assertEquals(0x06c45d188009454fL, SplitMix64.bits(0, 2));
  }

  @Test
  void walkGivesTheValuesOfTheStreamInOrder() {
    Rng walk = new Rng(42);
    for (int i = 0; i < 100; i++) {
      if (i % 2 == 0) {
        assertEquals(Rng.uniform(42, i), walk.nextUniform());
      } else {
        assertEquals(SplitMix64.bits(42, i), walk.nextLong());
      }
    }
  }

  @Test
  void uniformIsIn24BitStepsBelowOne() {
    double sum = 0;
    for (int i = 0; i < 100_000; i++) {
      float value = Rng.uniform(7, i);
      assertTrue(value >= 0 && value < 1);
      assertEquals(Math.rint(value * 0x1p24), value * 0x1p24);
      sum += value;
    }
    assertEquals(0.5, sum / 100_000, 0.005);
  }

  @Test
  void nextIntIsUniform() {
    Rng rng = new Rng(3);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[rng.nextInt(7)]++;
    }
    for (int count : counts) {
      assertEquals(10_000, count, 500);
    }
    assertEquals(0, rng.nextInt(1));
    assertTrue(rng.nextInt(Integer.MAX_VALUE) >= 0);
  }

  @Test
  void nextIntRefusesEmptyRange() {
    var error = assertThrows(IllegalArgumentException.class, () -> new Rng(0).nextInt(0));
    assertEquals("bound must be at least 1, but is 0.", error.getMessage());
  }

  @Test
  void gaussianHasTheMomentsOfANormal() {
    Rng rng = new Rng(11);
    int n = 200_000;
    double[] moments = new double[5];
    for (int i = 0; i < n; i++) {
      double value = rng.nextGaussian();
      for (int k = 1; k <= 4; k++) {
        moments[k] += Math.pow(value, k) / n;
      }
    }
    assertEquals(0, moments[1], 0.01);
    assertEquals(1, moments[2], 0.02);
    assertEquals(0, moments[3], 0.05);
    assertEquals(3, moments[4], 0.1);
  }

  @Test
  void shufflePermutesAndReachesEveryOrder() {
    int[] items = IntStream.range(0, 1000).toArray();
    new Rng(5).shuffle(items);
    assertArrayEquals(IntStream.range(0, 1000).toArray(), IntStream.of(items).sorted().toArray());

    int[] seen = new int[1000];
    Rng rng = new Rng(6);
    for (int i = 0; i < 6000; i++) {
      int[] three = {0, 1, 2};
      rng.shuffle(three);
      seen[100 * three[0] + 10 * three[1] + three[2]]++;
    }
    for (int order : new int[] {12, 21, 102, 120, 201, 210}) {
      assertEquals(1000, seen[order], 150);
    }
  }

  @Test
  void subStreamsDiffer() {
    long distinct =
        IntStream.range(0, 1000)
            .mapToLong(i -> SplitMix64.bits(Rng.key(9, i), 0))
            .distinct()
            .count();
    assertEquals(1000, distinct);
  }
}
