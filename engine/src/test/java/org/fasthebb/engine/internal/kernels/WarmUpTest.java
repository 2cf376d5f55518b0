package org.fasthebb.engine.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Kernels give the same bits before and after the JIT compiler has compiled them; otherwise a run
 * could not be repeated. The Vector API does not promise that of sums over the lanes of a vector.
 */
class WarmUpTest {
  private static final int ROUNDS = 3000;
  private static final int SIZES = 50;
  private static final int SHORTEST = 250;

  /**
   * Kernels whose classes were loaded anew, so that nothing has run them yet; called by reflection.
   */
  private static final class ColdKernels {
    private final Object kernels;
    private final Method sum;
    private final Method dot;
    private final Method max;
    private final Method exp;

    ColdKernels(ClassLoader loader) throws ReflectiveOperationException {
      kernels = loader.loadClass(KernelChoice.class.getName()).getMethod("kernels").invoke(null);
      Class<?> type = loader.loadClass(Kernels.class.getName());
      Class<?> array = float[].class;
      sum = type.getMethod("sum", array, int.class, int.class);
      dot = type.getMethod("dot", array, int.class, array, int.class, int.class);
      max = type.getMethod("max", array, int.class, int.class);
      exp =
          type.getMethod(
              "exp", array, int.class, float.class, float.class, array, int.class, int.class);
    }

    /** The results of every kernel for x, one after the other. */
    float[] results(float[] x) throws ReflectiveOperationException {
      int n = x.length;
      float[] results = new float[n + 3];
      exp.invoke(kernels, x, 0, 3f, -1f, results, 3, n);
      results[0] = (float) sum.invoke(kernels, x, 0, n);
      results[1] = (float) dot.invoke(kernels, x, 0, x, 0, n);
      results[2] = (float) max.invoke(kernels, x, 0, n);
      return results;
    }
  }

  @Test
  void sameBitsColdAndWarm() throws IOException, ReflectiveOperationException {
    URL classes = KernelChoice.class.getProtectionDomain().getCodeSource().getLocation();
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, platform)) {
      ColdKernels kernels = new ColdKernels(loader);
      Random random = new Random(1);
      float[][] inputs = new float[SIZES][];
      float[][] cold = new float[SIZES][];
      for (int i = 0; i < SIZES; i++) {
        inputs[i] = new float[SHORTEST + i];
        for (int j = 0; j < inputs[i].length; j++) {
          inputs[i][j] = random.nextFloat();
        }
        cold[i] = kernels.results(inputs[i]);
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SIZES; i++) {
          assertArrayEquals(cold[i], kernels.results(inputs[i]), "round " + round);
        }
      }
    }
  }
}
