package org.fasthebb.hebb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KernelChoiceTest {
  /** Without this, a build that lost the Vector API would test the scalar kernels twice. */
  @Test
  void kernelsAreTheOnesThisTestRunIsFor() {
    String expected = System.getProperty("fasthebb.expect.kernels", "simd");
    String name = expected.equals("simd") ? ", vector " : ", scalar, ";
    assertTrue(Tensors.CPU.describe().contains(name), Tensors.CPU.describe());
  }
}
