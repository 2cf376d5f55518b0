package org.fasthebb.engine.internal.strided;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Which matrices take the short way; the sums themselves are those of any other way. */
class PatchSquaresTest {
  private static final Backend CPU = Backend.cpu(1);
  private static final Tensor IMAGES = CPU.zeros(2, 5, 6, 3);
  private static final Tensor PATCHES = IMAGES.patches(3, 2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  @Test
  void patchesAreKnownByTheirStrides() {
    assertTrue(PatchSquares.isPatches(PATCHES));
    assertFalse(PatchSquares.isPatches(CPU.zeros(30, 18)));
    assertFalse(PatchSquares.isPatches(IMAGES.flatten(0, 2)), "pixels");
    assertFalse(PatchSquares.isPatches(PATCHES.permute(1, 0)));
    // Of images whose channels, columns or rows are in another order.
    assertFalse(PatchSquares.isPatches(IMAGES.permute(0, 1, 3, 2).patches(3, 2)));
    Tensor apart = CPU.zeros(2, 5, 6, 3, 2, 3);
    Tensor flat = apart.flatten(0, 2);
    assertFalse(PatchSquares.isPatches(flat.flatten(1, 3)), "two axes of three that share nothing");
  }

  @Test
  void sumsMustBeOneColumnWithoutGaps() {
    int rows = PATCHES.size(0);
    assertEquals(2 * 3 * 5, rows);
    assertTrue(PatchSquares.fits(PATCHES, CPU.zeros(rows, 1)));
    assertFalse(PatchSquares.fits(PATCHES, CPU.zeros(rows, 2).slice(1, 0, 1)), "gaps");
    assertFalse(PatchSquares.fits(PATCHES, CPU.zeros(1, 18)), "sums of columns");
    assertFalse(PatchSquares.fits(PATCHES, CPU.zeros(1, 1)), "the sum of all");
    assertFalse(PatchSquares.fits(CPU.zeros(rows, 18), CPU.zeros(rows, 1)), "no patches");
    assertFalse(PatchSquares.fits(IMAGES, CPU.zeros(1, 1, 1, 1)), "no matrix");
  }
}
