package org.fasthebb.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The transforms of Winograd's filtering, of both forms, against their matrices in float64. */
class TransformKernelsTest {
  private static final int[] SIZES = {0, 1, 7, 8, 12, 13, 16, 31, 32, 33, 47, 64, 65, 97, 128};

  /** B^T, with the last row's sign turned, as in {@link Filtering}. */
  private static final double[][] INPUT = {
    {1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, -1, 0, 1}
  };

  /** A, with the last row's sign turned to match. */
  private static final double[][] ERRORS = {{1, 0}, {1, 1}, {1, -1}, {0, 1}};

  static List<Kernels> kernels() {
    return List.of(new ScalarKernels(), KernelChoice.kernels());
  }

  private static float[] random(int seed, int n) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  /** Where value i lies in panels. */
  private static int place(int i, int width, int apart) {
    return i / width * apart + i % width;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void input(Kernels kernels) {
    Filtering filtering = new Filtering(kernels);
    int nr = kernels.nr();
    for (int count : SIZES) {
      int along = count + 1;
      int down = 4 * along + 2;
      float[] d = random(count, 3 + 3 * down + 3 * along + count); // ends with the last pixel
      for (int apart : new int[] {nr, 3 * nr + 1}) {
        int plane = Math.ceilDiv(count, nr) * apart + 5;
        float[] y = new float[4 * plane + 1];
        for (int i = 0; i < 4; i++) {
          filtering.input(i, d, 3, down, along, count, y, 1, plane, apart);
          for (int j = 0; j < 4; j++) {
            for (int channel = 0; channel < count; channel++) {
              double expected = 0;
              for (int row = 0; row < 4; row++) {
                for (int column = 0; column < 4; column++) {
                  double pixel = d[3 + row * down + column * along + channel];
                  expected += INPUT[i][row] * INPUT[j][column] * pixel;
                }
              }
              float actual = y[1 + j * plane + place(channel, nr, apart)];
              assertEquals(expected, actual, 1e-6, count + " channels, " + i + ", " + j);
            }
          }
        }
      }
    }
  }

  /** Whatever lies behind the errors; a neighbour's values, or the end of the array. */
  @ParameterizedTest
  @MethodSource("kernels")
  void errors(Kernels kernels) {
    Filtering filtering = new Filtering(kernels);
    int mr = kernels.mr();
    int tiles = 3;
    for (int count : SIZES) {
      for (int behind : new int[] {0, 100}) {
        int along = count;
        int down = 2 * tiles * count;
        float[] e = random(count, 3 + 2 * down + behind);
        int apart = tiles * mr + kernels.nr();
        int plane = Math.ceilDiv(count, mr) * apart;
        float[] y = new float[4 * plane + kernels.nr()];
        for (int i = 0; i < 4; i++) {
          Arrays.fill(y, Float.NaN);
          for (int tile = 0; tile < tiles; tile++) {
            int from = 3 + 2 * tile * count;
            filtering.errors(i, e, from, down, along, count, y, tile * mr, plane, apart);
          }
          for (int tile = 0; tile < tiles; tile++) {
            for (int j = 0; j < 4; j++) {
              for (int neuron = 0; neuron < count; neuron++) {
                double expected = 0;
                for (int row = 0; row < 2; row++) {
                  for (int column = 0; column < 2; column++) {
                    double error = e[3 + row * down + (2 * tile + column) * along + neuron];
                    expected += ERRORS[i][row] * ERRORS[j][column] * error;
                  }
                }
                float actual = y[j * plane + tile * mr + place(neuron, mr, apart)];
                assertEquals(expected, actual, 1e-6, count + " neurons, " + i + ", " + j);
              }
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
      int plane = count + 2;
      float[] m = random(count, 3 + 15 * plane + count);
      int along = count;
      int down = 5 * count;
      float[] y = new float[1 + down + along + count];
      kernels.transformProducts(m, 3, plane, count, y, 1, down, along);
      for (int row = 0; row < 2; row++) {
        for (int column = 0; column < 2; column++) {
          for (int neuron = 0; neuron < count; neuron++) {
            double expected = 0;
            for (int i = 0; i < 4; i++) {
              for (int j = 0; j < 4; j++) {
                expected +=
                    ERRORS[i][row] * ERRORS[j][column] * m[3 + (4 * i + j) * plane + neuron];
              }
            }
            float actual = y[1 + row * down + column * along + neuron];
            assertEquals(expected, actual, 2e-6, count + " neurons, " + row + ", " + column);
          }
        }
      }
    }
  }
}
