package org.fasthebb.tools.command;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractInto;

import java.util.Arrays;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.random.Rng;

/** Multiplies matrices, to check that the results are right and to measure the speed. */
final class SelfTest {
  /** Side of the matrices whose product is timed. */
  static final int SIDE = 768;

  /** Largest error that passes, relative to the sum of absolute products. */
  static final double TOLERANCE = 1e-6;

  private static final int WARM_UP_SIDE = 96;

  /**
   * Products before the clock starts. By then the JIT compiler has compiled their inner loops, even
   * on a busy machine; before that, vector kernels take thousands of times longer.
   */
  private static final int WARM_UPS = 2000;

  private static final int TIMED = 30;

  private SelfTest() {}

  /** Largest error of a product of odd sides against double precision, see {@link #TOLERANCE}. */
  static double error(Backend backend) {
    int m = 37;
    int k = 131;
    int n = 53;
    float[] a = numbers(1, m * k);
    float[] b = numbers(2, k * n);
    float[] product;
    try (Scope _ = backend.scope()) {
      product = contract("mk,kn->mn", backend.of(a, m, k), backend.of(b, k, n)).toArray();
    }
    double worst = 0;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        double size = 0;
        for (int l = 0; l < k; l++) {
          double term = (double) a[i * k + l] * b[l * n + j];
          sum += term;
          size += Math.abs(term);
        }
        double error = Math.abs(product[i * n + j] - sum) / size;
        // Written so that NaN counts as the largest error.
        worst = error <= worst ? worst : error;
      }
    }
    return worst;
  }

  /** The speed of a large product in GFLOP/s: the median of several, after a warm-up. */
  static double gigaflops(Backend backend) {
    nanoseconds(backend, WARM_UP_SIDE, WARM_UPS);
    nanoseconds(backend, SIDE, 3);
    long[] times = nanoseconds(backend, SIDE, TIMED);
    Arrays.sort(times);
    return 2.0 * SIDE * SIDE * SIDE / times[TIMED / 2];
  }

  /** The time of each of several products, in nanoseconds. */
  private static long[] nanoseconds(Backend backend, int side, int products) {
    Tensor a = backend.of(numbers(3, side * side), side, side);
    Tensor b = backend.of(numbers(4, side * side), side, side);
    Tensor out = backend.zeros(side, side);
    long[] times = new long[products];
    for (int i = 0; i < products; i++) {
      long start = System.nanoTime();
      try (Scope _ = backend.scope()) {
        contractInto(out, "mk,kn->mn", a, b);
        backend.await();
      }
      times[i] = System.nanoTime() - start;
    }
    return times;
  }

  private static float[] numbers(long key, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = 2 * Rng.uniform(key, i) - 1;
    }
    return numbers;
  }
}
