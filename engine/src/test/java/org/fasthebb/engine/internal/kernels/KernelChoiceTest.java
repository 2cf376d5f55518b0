package org.fasthebb.engine.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
  /** Without this, a build that lost the Vector API would test the scalar kernels twice. */
  @Test
  void kernelsAreTheOnesThisTestRunIsFor() {
    String expected = System.getProperty("fasthebb.expect.kernels", "simd");
    String chosen = KernelChoice.kernels().name() + " (" + KernelChoice.reason() + ")";
    switch (expected) {
      case "simd" -> {
        String asked = System.getProperty("fasthebb.kernels", "auto");
        int most = asked.equals("auto") ? 512 : Integer.parseInt(asked);
        int width = Math.min(most, FloatVector.SPECIES_PREFERRED.vectorBitSize());
        assertTrue(chosen.startsWith("vector " + width + " bit, "), chosen);
      }
      case "scalar" -> assertTrue(chosen.startsWith("scalar, "), chosen);
      default -> throw new AssertionError("fasthebb.expect.kernels is " + expected);
    }
  }

  @Test
  void nameTellsTheTile() {
    Kernels kernels = KernelChoice.kernels();
    assertTrue(
        kernels.name().endsWith("tile " + kernels.mr() + "x" + kernels.nr()), kernels.name());
    assertSame(kernels, KernelChoice.kernels());
  }

  @Test
  void reasonNamesTheRemedyWhereThereIsNoSimd() {
    String reason = KernelChoice.reason();
    if (System.getProperty("fasthebb.kernels", "auto").equals("scalar")) {
      assertTrue(reason.contains("-Dfasthebb.kernels=scalar"), reason);
    } else if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      assertTrue(reason.contains("--add-modules jdk.incubator.vector"), reason);
      assertEquals(ScalarKernels.class, KernelChoice.kernels().getClass());
    } else {
      assertTrue(reason.contains("width"), reason);
    }
  }
}
