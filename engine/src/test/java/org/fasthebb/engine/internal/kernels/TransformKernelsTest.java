package org.fasthebb.engine.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the transforms of Winograd's filtering, in scalar and vector form, with their matrices
 * in float64.
 */
class TransformKernelsTest {
  private static final int[] SIZES = {0, 1, 7, 8, 12, 13, 16, 31, 32, 33, 47, 64, 65, 97, 128};

  private static final double[] POINTS = {0, 5 / 8d, -5 / 8d, 3 / 2d, -3 / 2d};

  /**
   * B^T: coefficients of the polynomials that vanish at all points but one and, in the last row, at
   * all points.
   */
  private static final double[][] INPUT = new double[6][];

  /** A: powers of the points; for infinity only the highest counts. */
  private static final double[][] ERRORS = new double[6][4];

  /** G: as A, divided by the product of the differences to the other points. */
  private static final double[][] FILTER = new double[6][3];

  static {
    for (int i = 0; i < 6; i++) {
      double[] polynomial = {1, 0, 0, 0, 0, 0};
      double differences = 1;
      for (int j = 0; j < 5; j++) {
        if (j != i) {
          for (int k = 5; k >= 0; k--) {
            polynomial[k] = (k == 0 ? 0 : polynomial[k - 1]) - POINTS[j] * polynomial[k];
          }
          differences *= i == 5 ? 1 : POINTS[i] - POINTS[j];
        }
      }
      INPUT[i] = polynomial;
      for (int k = 0; k < 4; k++) {
        ERRORS[i][k] = power(i, k, 3);
      }
      for (int k = 0; k < 3; k++) {
        FILTER[i][k] = power(i, k, 2) / differences;
      }
    }
  }

  /** The k-th power of point i; for infinity 1 for the highest power and else 0. */
  private static double power(int i, int k, int highest) {
    return i < POINTS.length ? Math.pow(POINTS[i], k) : k == highest ? 1 : 0;
  }

  static List<Kernels> kernels() {
    return List.of(new ScalarKernels(), KernelChoice.kernels());
  }

  /** What is skipped: nothing, columns, rows, both. */
  static List<Arguments> skips() {
    return kernels().stream()
        .flatMap(
            kernels -> IntStream.range(0, 4).mapToObj(i -> Arguments.of(kernels, i / 2, i % 2)))
        .toList();
  }

  private static float[] random(int seed, int n) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  /** The index of value i in panels. */
  private static int place(int i, int width, int apart) {
    return i / width * apart + i % width;
  }

  /** Skipped values do not exist: the array begins after them. */
  @ParameterizedTest
  @MethodSource("skips")
  void input(Kernels kernels, int skipRow, int skipColumn) {
    Filtering filtering = new Filtering(kernels);
    int nr = kernels.nr();
    for (int count : SIZES) {
      int down = 6 * count + 2;
      int from = -skipRow * down - skipColumn * count;
      float[] d = random(count, from + 5 * down + 6 * count); // ends with the last pixel
      for (int apart : new int[] {nr, 3 * nr + 1}) {
        int plane = Math.ceilDiv(count, nr) * apart + 5;
        float[] y = new float[6 * plane + 1];
        for (int i = skipRow; i < 6; i++) {
          filtering.input(i, skipColumn, d, from, down, count, y, 1, plane, apart);
          for (int j = skipColumn; j < 6; j++) {
            for (int channel = 0; channel < count; channel++) {
              double expected = 0;
              for (int row = skipRow; row < 6; row++) {
                for (int column = skipColumn; column < 6; column++) {
                  double pixel = d[from + row * down + column * count + channel];
                  expected += INPUT[i][row] * INPUT[j][column] * pixel;
                }
              }
              float actual = y[1 + j * plane + place(channel, nr, apart)];
              assertEquals(expected, actual, 2e-5, count + " channels, " + i + ", " + j);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("skips")
  void errors(Kernels kernels, int skipRow, int skipColumn) {
    Filtering filtering = new Filtering(kernels);
    int mr = kernels.mr();
    int tiles = 3;
    for (int count : SIZES) {
      int down = 4 * tiles * count;
      int before = skipRow * down + skipColumn * count;
      float[] e = random(count, 4 * down - before); // ends with the last error
      int apart = tiles * mr + kernels.nr();
      int plane = Math.ceilDiv(count, mr) * apart;
      float[] y = new float[6 * plane + kernels.nr()];
      for (int i = skipRow; i < 6; i++) {
        Arrays.fill(y, Float.NaN);
        for (int tile = 0; tile < tiles; tile++) {
          int from = 4 * tile * count - before;
          int to = tile * mr;
          filtering.errors(i, skipRow, skipColumn, e, from, down, count, y, to, plane, apart);
        }
        for (int tile = 0; tile < tiles; tile++) {
          for (int j = skipColumn; j < 6; j++) {
            for (int neuron = 0; neuron < count; neuron++) {
              double expected = 0;
              for (int row = skipRow; row < 4; row++) {
                for (int column = skipColumn; column < 4; column++) {
                  double error = e[row * down + (4 * tile + column) * count + neuron - before];
                  expected += ERRORS[i][row] * ERRORS[j][column] * error;
                }
              }
              float actual = y[j * plane + tile * mr + place(neuron, mr, apart)];
              assertEquals(expected, actual, 2e-5, count + " neurons, " + i + ", " + j);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void products(Kernels kernels) {
    for (int count : SIZES) {
      checkProducts(kernels, count, 0);
      checkProducts(kernels, count, 1);
    }
  }

  private static void checkProducts(Kernels kernels, int count, int skip) {
    int step = count + 2;
    float[] m = random(count, 3 + 5 * step + count);
    int to = 1 - skip * count;
    float[] y = new float[to + 4 * count];
    y[0] = Float.NaN;
    kernels.transformProducts(m, 3, step, count, skip, y, to, count);
    assertEquals(Float.NaN, y[0], "before the first output");
    for (int row = skip; row < 4; row++) {
      for (int neuron = 0; neuron < count; neuron++) {
        double expected = 0;
        for (int i = 0; i < 6; i++) {
          expected += ERRORS[i][row] * m[3 + i * step + neuron];
        }
        float actual = y[to + row * count + neuron];
        assertEquals(expected, actual, 4e-6, count + " neurons, " + row);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void filters(Kernels kernels) {
    Filtering filtering = new Filtering(kernels);
    for (int count : SIZES) {
      int step = count + 3;
      float[] g = random(count, 2 + 5 * step + count);
      float[] y = new float[1 + 2 * count];
      for (int k = 0; k < 6; k++) {
        int row = k;
        filtering.filter(k, g, 2, step, count, y, 1);
        checkSum(3, i -> FILTER[row][i], g, step, count, y, "channels, " + k);
      }
      for (int k = 0; k < 3; k++) {
        int column = k;
        filtering.filterAdjoint(k, 0, g, 2, step, count, y, 1);
        checkSum(6, i -> FILTER[i][column], g, step, count, y, "channels, adjoint " + k);
        filtering.filterAdjoint(k, 1, g, 2, step, count, y, 1);
        IntToDoubleFunction skipped = i -> i == 0 ? 0 : FILTER[i][column];
        checkSum(6, skipped, g, step, count, y, "channels, skipped, adjoint " + k);
      }
    }
  }

  /** Values from y[1] on are weighted sums of those from g[2] on that are {@code step} apart. */
  private static void checkSum(
      int terms,
      IntToDoubleFunction weight,
      float[] g,
      int step,
      int count,
      float[] y,
      String what) {
    for (int channel = 0; channel < count; channel++) {
      double expected = 0;
      for (int i = 0; i < terms; i++) {
        expected += weight.applyAsDouble(i) * g[2 + i * step + channel];
      }
      assertEquals(expected, y[1 + channel], 1e-6, count + " " + what);
    }
  }
}
