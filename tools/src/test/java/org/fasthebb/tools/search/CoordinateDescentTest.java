package org.fasthebb.tools.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.fasthebb.tools.search.CoordinateDescent.Trial;
import org.junit.jupiter.api.Test;

class CoordinateDescentTest {
  private static final List<Integer> SIZES = List.of(5, 1, 4, 7);
  private static final List<Integer> TOP = List.of(3, 0, 2, 6);

  /**
   * A value that falls with the distance to each axis's best value; the ends of an axis are
   * neighbours.
   */
  private static double separable(List<Integer> point) {
    double sum = 0;
    for (int i = 0; i < point.size(); i++) {
      int away = Math.abs(point.get(i) - TOP.get(i));
      sum -= (i + 1) * Math.min(away, SIZES.get(i) - away);
    }
    return sum;
  }

  private static List<Integer> best(List<Trial> trials) {
    return CoordinateDescent.best(trials).orElseThrow().point();
  }

  @Test
  void findsTheTopOfASeparableFunctionOnTheFirstClimb() {
    for (long seed = 0; seed < 50; seed++) {
      List<Trial> trials =
          new CoordinateDescent(SIZES, seed).run(16, CoordinateDescentTest::separable);
      assertEquals(TOP, best(trials), "seed " + seed);
    }
  }

  @Test
  void evaluatesEachPointOnceAndNoMoreThanItMay() {
    for (int most : List.of(1, 2, 3, 10, 50, 140, 1000)) {
      List<List<Integer>> asked = new ArrayList<>();
      List<Trial> trials =
          new CoordinateDescent(SIZES, most)
              .run(
                  most,
                  point -> {
                    asked.add(point);
                    return point.hashCode() % 7;
                  });
      assertEquals(Math.min(most, 5 * 4 * 7), asked.size());
      assertEquals(asked.size(), new HashSet<>(asked).size());
      assertEquals(asked, trials.stream().map(Trial::point).toList());
    }
  }

  @Test
  void theSeedDecidesTheWay() {
    List<List<Trial>> ways = new ArrayList<>();
    for (long seed : List.of(1L, 1L, 2L)) {
      ways.add(new CoordinateDescent(SIZES, seed).run(30, CoordinateDescentTest::separable));
    }
    assertEquals(ways.get(0), ways.get(1));
    assertTrue(!ways.get(0).equals(ways.get(2)));
  }

  @Test
  void theEndsOfAnAxisAreNeighbours() {
    // Downhill from 0 to 5 and up to 9, so that without the ring half of the starts end at 0.
    List<Double> valley = List.of(8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 5.5, 6.5, 7.5, 9.0);
    for (long seed = 0; seed < 20; seed++) {
      List<Trial> trials =
          new CoordinateDescent(List.of(10), seed).run(8, point -> valley.get(point.getFirst()));
      assertEquals(List.of(9), best(trials), "seed " + seed);
    }
  }

  @Test
  void goesOnElsewhereAfterAPeak() {
    // Two peaks that no single axis connects.
    Map<List<Integer>, Double> peaks = Map.of(List.of(0, 0), 1.0, List.of(2, 2), 2.0);
    List<Trial> trials =
        new CoordinateDescent(List.of(4, 4), 0).run(16, point -> peaks.getOrDefault(point, 0.0));
    assertEquals(16, trials.size());
    assertEquals(List.of(2, 2), best(trials));
  }

  @Test
  void interruptedSearchGoesOnTheSameWay() {
    List<Trial> calm = new CoordinateDescent(SIZES, 3).run(60, CoordinateDescentTest::separable);
    for (int cut = 0; cut < 60; cut += 7) {
      int left = cut;
      Map<List<Integer>, Double> kept = new HashMap<>();
      CoordinateDescent.Objective<InterruptedException> dies =
          point -> {
            if (kept.size() == left) {
              throw new InterruptedException();
            }
            kept.put(point, separable(point));
            return separable(point);
          };
      assertThrows(InterruptedException.class, () -> new CoordinateDescent(SIZES, 3).run(60, dies));
      List<Trial> resumed =
          new CoordinateDescent(SIZES, 3)
              .run(
                  60,
                  point -> {
                    kept.computeIfAbsent(point, CoordinateDescentTest::separable);
                    return kept.get(point);
                  });
      assertEquals(calm, resumed);
      assertEquals(60, kept.size());
    }
  }

  @Test
  void pointsThatFailAreGivenUp() {
    List<Trial> trials =
        new CoordinateDescent(List.of(9), 0)
            .run(9, point -> point.getFirst() < 5 ? Double.NaN : point.getFirst());
    assertEquals(List.of(8), best(trials));
    List<Trial> none = new CoordinateDescent(List.of(3), 0).run(3, _ -> Double.NaN);
    assertEquals(3, none.size());
    assertTrue(CoordinateDescent.best(none).isEmpty());
  }
}
