package org.fasthebb.engine.internal.winograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.fasthebb.engine.internal.kernels.Filtering;
import org.junit.jupiter.api.Test;

/** Every output belongs to exactly one tile. */
class TilesTest {
  private static final Set<Integer> IMPOSSIBLE = Set.of(0, 1, 2, 5);

  @Test
  void sectionsCoverTheSideOnce() {
    for (int side = 0; side < 100; side++) {
      List<Tiles.Section> sections = Tiles.Section.of(side);
      assertEquals(IMPOSSIBLE.contains(side), sections.isEmpty(), side + " outputs");
      int next = 0;
      for (Tiles.Section section : sections) {
        for (int tile = 0; tile < section.count(); tile++) {
          assertEquals(next, section.begin(tile) + section.skip(), side + " outputs");
          next += Filtering.OUT - section.skip();
        }
      }
      assertEquals(sections.isEmpty() ? 0 : side, next, side + " outputs");
    }
  }
}
