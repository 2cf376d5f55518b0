package org.fasthebb.engine.internal.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Layout.Axis;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.strided.AxisGroup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * How the operands of a training step's products are read. A needless copy costs time, and changes
 * no result that another test would check.
 */
class BlockingTest {
  private static final Backend CPU = Backend.cpu(1);
  private static final Tensor PATCHES = CPU.zeros(2, 14, 14, 8).patches(3, 3); // (288, 72)
  private static final Tensor OUTPUTS = CPU.zeros(288, 96);
  private static final Tensor WEIGHTS = CPU.zeros(96, 72);

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static AxisGroup group(Axis x, Axis y) {
    AxisGroup group = new AxisGroup();
    group.add(x, y);
    return group;
  }

  /**
   * The blocking of sum_k a[m,k] b[k,n] into a contiguous output, for the given axes of a and b.
   */
  private static Blocking cut(Tensor a, int m, int ka, Tensor b, int kb, int n) {
    return cut(a, m, ka, b, kb, n, 384);
  }

  private static Blocking cut(Tensor a, int m, int ka, Tensor b, int kb, int n, int fewInRows) {
    Tensor c = CPU.zeros(a.size(m), b.size(n));
    return new Blocking(
        group(a.layout().axis(m), c.layout().axis(0)),
        group(b.layout().axis(n), c.layout().axis(1)),
        group(a.layout().axis(ka), b.layout().axis(kb)),
        12,
        32,
        fewInRows);
  }

  private static void check(boolean aInRuns, boolean aInRows, boolean bInRows, Blocking cut) {
    assertEquals(aInRuns, cut.aInRuns, "a in runs");
    assertEquals(aInRows, cut.aInRows, "a in rows");
    assertEquals(bInRows, cut.bInRows, "b in rows");
  }

  @Test
  void responsesReadPatchesInRuns() {
    check(true, false, false, cut(PATCHES, 0, 1, WEIGHTS, 1, 0));
  }

  @Test
  void updatesReadOutputsInRows() {
    check(false, true, false, cut(OUTPUTS, 1, 0, PATCHES, 0, 1));
  }

  @Test
  void gramMatricesReadBothInRows() {
    check(false, true, true, cut(OUTPUTS, 1, 0, OUTPUTS, 0, 1));
  }

  @Test
  void kernelsThatAreSlowInRowsGetPackedPanels() {
    check(false, false, false, cut(OUTPUTS, 1, 0, OUTPUTS, 0, 1, 95));
    check(false, true, true, cut(OUTPUTS, 1, 0, OUTPUTS, 0, 1, 96));
    check(true, false, false, cut(PATCHES, 0, 1, WEIGHTS, 1, 0, 0));
  }

  @Test
  void operandsUsedOftenArePacked() {
    Tensor square = CPU.zeros(512, 512);
    check(false, false, false, cut(square, 0, 1, square, 0, 1));
  }

  @Test
  void rowsThatAreFarFromEachOtherArePacked() {
    check(false, false, true, cut(CPU.zeros(288, 4000).slice(1, 0, 300), 1, 0, OUTPUTS, 0, 1));
  }

  /** The product with the weights of a layer of many neurons that gives the error at its input. */
  @Test
  void operandsUsedSeldomAreReadInRows() {
    Tensor weights = CPU.zeros(300, 2304);
    Blocking cut = cut(weights, 1, 0, CPU.zeros(64, 300), 1, 0);
    check(false, true, false, cut);
    assertTrue(cut.kBlock * 2304 <= 1 << 17, "rows at a time: " + cut.kBlock);
  }

  /** The update of a layer of many neurons by one batch: c is much larger than a and b. */
  @Test
  void shortSumsAreComputedInWholeRows() {
    Blocking cut = cut(CPU.zeros(64, 4096), 1, 0, CPU.zeros(64, 2304), 0, 1);
    assertEquals(1, cut.nBlocks);
    assertTrue(cut.mBlocks >= 64, "tasks: " + cut.mBlocks);
    Blocking longer = cut(CPU.zeros(128, 4096), 1, 0, CPU.zeros(128, 2304), 0, 1);
    assertTrue(longer.nBlock * 128 <= 192 * 768, "columns at a time: " + longer.nBlock);
    Blocking few = cut(CPU.zeros(64, 256), 1, 0, CPU.zeros(64, 2304), 0, 1);
    assertTrue(few.mBlocks * few.nBlocks >= 16, "tasks: " + few.mBlocks * few.nBlocks);
  }

  @Test
  void packingIsPartOfTheCost() {
    Blocking inPlace = cut(OUTPUTS, 1, 0, OUTPUTS, 0, 1);
    Tensor turned = CPU.zeros(96, 288);
    Blocking packed = cut(turned, 0, 1, turned, 1, 0);
    assertTrue(inPlace.cost < packed.cost, inPlace.cost + " < " + packed.cost);
  }
}
