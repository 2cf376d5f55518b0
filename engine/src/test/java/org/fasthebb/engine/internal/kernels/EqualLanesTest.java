package org.fasthebb.engine.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.fasthebb.engine.Op;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Equal numbers give equal bits, in the lanes of vectors and after the last of them. */
class EqualLanesTest {
  private static final int MOST = 70;
  private static final int ROUNDS = 8;

  private final Random random = new Random(7);

  static List<Kernels> kernels() {
    return List.of(new ScalarKernels(), KernelChoice.kernels());
  }

  private interface Kernel {
    void run(float[] a, float[] b, float[] c, float[] d, int n);
  }

  private float[] constant() {
    float[] values = new float[MOST];
    Arrays.fill(values, (float) random.nextGaussian() * 8);
    return values;
  }

  private void assertEqualLanes(String what, Kernel kernel) {
    for (int round = 0; round < ROUNDS; round++) {
      for (int n = 1; n <= MOST; n++) {
        float[][] x = {constant(), constant(), constant(), constant()};
        kernel.run(x[0], x[1], x[2], x[3], n);
        for (float[] values : x) {
          for (int i = 1; i < n; i++) {
            assertEquals(values[0], values[i], what + ", element " + i + " of " + n);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void elementwise(Kernels kernels) {
    for (Op.Unary op : Op.Unary.values()) {
      assertEqualLanes(op.name(), (a, b, c, d, n) -> kernels.map(op, a, 0, 1.3f, b, 0, n));
    }
    for (Op.Binary op : Op.Binary.values()) {
      assertEqualLanes(op.name(), (a, b, c, d, n) -> kernels.zip(op, a, 0, b, 0, c, 0, n));
    }
    assertEqualLanes("affine", (a, b, c, d, n) -> kernels.affine(a, 0, b, 0, c, 0, d, 0, n));
    Kernels.Descent how = new Kernels.Descent(0.03f, 0.9f, 0.01f);
    assertEqualLanes("descend", (a, b, c, d, n) -> kernels.descend(a, 0, b, 0, c, 0, how, n));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void oneRowOfMany(Kernels kernels) {
    assertEqualLanes("exp", (a, b, c, d, n) -> kernels.exp(a, 0, 0.7f, -1.1f, b, 0, n));
    assertEqualLanes("softmax", (a, b, c, d, n) -> kernels.exponentials(a, 0, 0.3f, b, 0, n));
    assertEqualLanes("moments", (a, b, c, d, n) -> kernels.addDeviations(a, 0, b, 0, c, 0, n));
    assertEqualLanes("similarity", (a, b, c, d, n) -> kernels.similarity(a, 0, b, 0, 2, c, 0, n));
    assertEqualLanes(
        "numerators", (a, b, c, d, n) -> kernels.numerators(a, 0, b, 0, 0.001f, 50, c, 0, n));
    assertEqualLanes("squares", (a, b, c, d, n) -> kernels.squares(a, 0, 0.3f, b, c, 0, n));
    assertEqualLanes("larger", (a, b, c, d, n) -> kernels.larger(a, 0, 3, b, 0, c, 0, n));
  }

  /** The case by which it was found. */
  @Test
  void expOfSeventeen() {
    float[] x = new float[17];
    Arrays.fill(x, -5.6213512f);
    KernelChoice.kernels().exp(x, 0, 1, 0, x, 0, 17);
    assertEquals(x[0], x[16]);
  }

  /** Six rows, each of one number. */
  private float[] rows(int step) {
    float[] rows = new float[6 * step + MOST];
    for (int i = 0; i < 6; i++) {
      Arrays.fill(rows, i * step, (i + 1) * step, (float) random.nextGaussian());
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void transforms(Kernels kernels) {
    int step = 2 * MOST;
    int apart = 48; // of panels, which are up to 32 wide
    int plane = 20 * apart;
    float[] weights = {0.3f, -1.7f, 0.9f, 2.1f};
    for (int n = 1; n <= MOST; n++) {
      float[] x = rows(step);
      float[] y = new float[7 * plane];
      kernels.combine(x, 0, step, new int[] {0, 2, 3, 5}, weights, n, y, 0);
      assertPlanes("combine", y, 1, plane, n, n, 0);
      kernels.transformInput(x, 0, step, n, y, 0, plane, apart);
      assertPlanes("input", y, 6, plane, n, kernels.nr(), apart);
      kernels.transformErrors(x, 0, step, n, y, 0, plane, apart);
      assertPlanes("errors", y, 6, plane, n, kernels.mr(), apart);
      kernels.transformProducts(x, 0, step, n, 0, y, 0, plane);
      assertPlanes("products", y, 4, plane, n, n, 0);
    }
  }

  /** Planes of n numbers each, in panels of some width. */
  private static void assertPlanes(
      String what, float[] y, int planes, int plane, int n, int width, int apart) {
    for (int element = 0; element < planes; element++) {
      for (int i = 1; i < n; i++) {
        int at = element * plane + i / width * apart + i % width;
        assertEquals(y[element * plane], y[at], what + " " + element + ", " + i + " of " + n);
      }
    }
  }
}
