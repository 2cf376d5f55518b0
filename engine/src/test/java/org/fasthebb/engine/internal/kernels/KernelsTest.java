package org.fasthebb.engine.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.fasthebb.engine.Op;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares every kernel, in its scalar form and in the form chosen on this machine, with float64.
 */
class KernelsTest {
  /** Around multiples of every vector length and of four of them. */
  private static final int[] SIZES = {
    0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 25, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 207,
    255, 256, 257, 1021, 4098
  };

  private static final int OFFSET = 3; // data does not begin at a vector's border

  static List<Kernels> kernels() {
    return List.of(new ScalarKernels(), KernelChoice.kernels());
  }

  /** Values that a kernel must not read are NaN. */
  private static float[] random(int seed, int n) {
    Random random = new Random(seed);
    float[] values = new float[n + 2 * OFFSET];
    Arrays.fill(values, Float.NaN);
    for (int i = 0; i < n; i++) {
      values[OFFSET + i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void sum(Kernels kernels) {
    for (int n : SIZES) {
      float[] a = random(n, n);
      double expected = 0;
      for (int i = 0; i < n; i++) {
        expected += a[OFFSET + i];
      }
      assertEquals(expected, kernels.sum(a, OFFSET, n), 1e-7 * (n + 1), "sum of " + n);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void dot(Kernels kernels) {
    for (int n : SIZES) {
      float[] a = random(n, n);
      float[] b = random(n + 1, n + 2);
      double expected = 0;
      for (int i = 0; i < n; i++) {
        expected += (double) a[OFFSET + i] * b[OFFSET + 2 + i];
      }
      assertEquals(expected, kernels.dot(a, OFFSET, b, OFFSET + 2, n), 1e-7 * (n + 1), "dot " + n);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void max(Kernels kernels) {
    for (int n : SIZES) {
      float[] a = random(n, n);
      for (int largest = 0; largest < n; largest += 1 + n / 40) {
        float[] b = a.clone();
        b[OFFSET + largest] = 1.5f;
        assertEquals(1.5f, kernels.max(b, OFFSET, n), "largest of " + n + " at " + largest);
        b[OFFSET + largest] = Float.NaN;
        assertTrue(Float.isNaN(kernels.max(b, OFFSET, n)), "NaN of " + n + " at " + largest);
      }
    }
    assertEquals(Float.NEGATIVE_INFINITY, kernels.max(new float[0], 0, 0));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void exp(Kernels kernels) {
    for (int n : SIZES) {
      float[] x = random(n, n);
      float[] y = new float[n + 2 * OFFSET + 1];
      Arrays.fill(y, -7);
      kernels.exp(x, OFFSET, 20f, -1.5f, y, OFFSET + 1, n);
      for (int i = 0; i < y.length; i++) {
        int from = i - 1;
        if (from < OFFSET || from >= OFFSET + n) {
          assertEquals(-7, y[i], "outside of " + n + " at " + i);
          continue;
        }
        float power = 20f * x[from] - 1.5f;
        double expected = Math.exp(power);
        assertEquals(expected, y[i], 2e-7 * expected, "exp(" + power + ")");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void expInPlace(Kernels kernels) {
    float[] x = random(1, 77);
    float[] y = new float[x.length];
    kernels.exp(x, OFFSET, 2, 0, y, OFFSET, 77);
    kernels.exp(x, OFFSET, 2, 0, x, OFFSET, 77);
    for (int i = OFFSET; i < OFFSET + 77; i++) {
      assertEquals(y[i], x[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void packRows(Kernels kernels) {
    for (int width : new int[] {kernels.mr(), kernels.nr()}) {
      for (int panels : new int[] {1, 2, 5}) {
        for (int run : new int[] {1, 5, 15, width * panels}) { // columns next to each other
          packRows(kernels, width, panels, run);
        }
      }
    }
  }

  private static void packRows(Kernels kernels, int width, int panels, int run) {
    int count = width * panels;
    int[] columns = new int[count];
    for (int i = 0; i < count; i++) {
      columns[i] = i / run * (run + 3) + i % run;
    }
    int[] offsets = {0, count, 2, 7, 3 * count, 5, 6 * count};
    int rows = offsets.length;
    float[] src = random(width, 6 * count + columns[count - 1] + 1); // ends with the last row
    float[] dst = new float[rows * count + 2];
    Pieces pieces = new Pieces().cut(columns, 0, count, width, rows, kernels.nr() / 2);
    kernels.packRows(src, OFFSET, offsets, rows, pieces, width, dst, 1);
    float[] expected = new float[dst.length];
    for (int i = 0; i < rows * count; i++) {
      int panel = i / (rows * width);
      int row = i / width % rows;
      expected[1 + i] = src[OFFSET + offsets[row] + columns[panel * width + i % width]];
    }
    assertArrayEquals(expected, dst, panels + " panels of " + width + ", runs of " + run);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void copyRows(Kernels kernels) {
    for (int count : new int[] {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33}) {
      int[] offsets = {0, count, 2, 7, 3 * count, 5, 6 * count};
      int step = count + 2; // values between rows must not change
      float[] src = random(count, 7 * count); // the last row ends with the array
      float[] dst = random(count + 1, offsets.length * step - 2);
      float[] expected = dst.clone();
      for (int r = 0; r < offsets.length; r++) {
        for (int i = 0; i < count; i++) {
          expected[1 + r * step + i] = src[OFFSET + offsets[r] + i];
        }
      }
      kernels.copyRows(src, OFFSET, offsets, offsets.length, count, dst, 1, step);
      assertArrayEquals(expected, dst, "rows of " + count);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tile(Kernels kernels) {
    int mr = kernels.mr();
    int nr = kernels.nr();
    int stride = nr + 3;
    int[][] steps = {{mr, nr}, {mr, 3 * nr + 1}, {1, nr}, {5 * mr, 0}, {0, nr - 1}};
    for (int k : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 17, 256, 1021}) {
      for (int[] step : steps) { // arrays end with the last value that is used
        float[] a = random(k, Math.max(0, k - 1) * step[0] + mr);
        float[] b = random(k + 1, Math.max(0, k - 1) * step[1] + nr);
        float[] c = random(k + 2, mr * stride);
        float[] before = c.clone();
        kernels.tile(k, a, OFFSET, step[0], b, OFFSET, step[1], c, OFFSET, stride);
        checkTile(
            kernels,
            before,
            c,
            k,
            "k " + k,
            (row, column, p) ->
                (double) a[OFFSET + p * step[0] + row] * b[OFFSET + p * step[1] + column]);
      }
    }
  }

  private interface Product {
    double of(int row, int column, int p);
  }

  /** Compares with sums in double of k products; nothing around the tile may have changed. */
  private static void checkTile(
      Kernels kernels, float[] before, float[] c, int k, String where, Product product) {
    int stride = kernels.nr() + 3;
    for (int at = 0; at < c.length; at++) {
      int row = Math.floorDiv(at - OFFSET, stride);
      int column = Math.floorMod(at - OFFSET, stride);
      if (at < OFFSET || row >= kernels.mr() || column >= kernels.nr()) {
        assertEquals(before[at], c[at], "outside of the tile");
        continue;
      }
      double expected = before[at];
      for (int p = 0; p < k; p++) {
        expected += product.of(row, column, p);
      }
      assertEquals(expected, c[at], 1e-7 * (k + 2), where + ", " + row + ", " + column);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tileInPlace(Kernels kernels) {
    int mr = kernels.mr();
    int nr = kernels.nr();
    int stride = nr + 3;
    for (int[] shape :
        new int[][] {
          {1, 0}, {1, 1}, {2, 1}, {1, 3}, {3, 2}, {5, 15}, {4, 17}, {1, 256}, {1, 1021}
        }) {
      int runs = shape[0];
      int length = shape[1];
      int k = runs * length;
      float[] a = random(k, 3 * k + mr);
      float[] b = random(k + 1, k * nr);
      float[] c = random(k + 2, mr * stride);
      float[] before = c.clone();
      int[] rows = new int[mr + 1]; // overlapping, out of order, the last one twice
      for (int i = 0; i < mr; i++) {
        rows[1 + i] = i == mr - 1 ? rows[i] : i * 5 % mr + (i % 2) * k;
      }
      int[] starts = new int[k + 3]; // by value of k; runs begin anywhere
      Arrays.fill(starts, Integer.MIN_VALUE);
      for (int u = 0; u < runs; u++) {
        starts[2 + Math.min(u * length, k - 1)] = u * 7 % (k + 1);
      }
      kernels.tileInPlace(
          runs, length, a, OFFSET, starts, 2, rows, 1, b, OFFSET, c, OFFSET, stride);
      checkTile(
          kernels,
          before,
          c,
          k,
          runs + " runs of " + length,
          (row, column, p) -> {
            int from = OFFSET + starts[2 + p / length * length] + rows[1 + row];
            return (double) a[from + p % length] * b[OFFSET + p * nr + column];
          });
    }
  }

  private interface Call {
    void run(Kernels kernels, float[][] arrays, int n);
  }

  /** Runs both forms on the same arrays, whose borders are NaN, and compares every bit. */
  private static void assertSameBits(String what, Call call) {
    for (int n : SIZES) {
      float[][] expected = new float[4][];
      float[][] actual = new float[4][];
      for (int i = 0; i < 4; i++) {
        expected[i] = random(4 * n + i, n);
        if (n > 2) {
          expected[i][OFFSET + n / 2] = 0; // special in some
          expected[i][OFFSET + n - 1] = Float.NaN;
        }
        actual[i] = expected[i].clone();
      }
      call.run(new ScalarKernels(), expected, n);
      call.run(KernelChoice.kernels(), actual, n);
      for (int i = 0; i < 4; i++) {
        assertArrayEquals(expected[i], actual[i], what + " of " + n + ", array " + i);
      }
    }
  }

  @Test
  void elementwiseFormsAgreeToTheBit() {
    int at = OFFSET;
    for (Op.Unary op : Op.Unary.values()) {
      if (op == Op.Unary.EXP) {
        continue; // a polynomial in one form; see exp
      }
      assertSameBits(op.name(), (k, x, n) -> k.map(op, x[0], at, 1.5f, x[1], at, n));
      assertSameBits(op + " in place", (k, x, n) -> k.map(op, x[0], at, 1.5f, x[0], at, n));
    }
    for (Op.Binary op : Op.Binary.values()) {
      assertSameBits(op.name(), (k, x, n) -> k.zip(op, x[0], at, x[1], at, x[2], at, n));
      assertSameBits(op + " in place", (k, x, n) -> k.zip(op, x[0], at, x[1], at, x[1], at, n));
    }
    assertSameBits("affine", (k, x, n) -> k.affine(x[0], at, x[1], at, x[2], at, x[3], at, n));
    assertSameBits("deviations", (k, x, n) -> k.addDeviations(x[0], at, x[1], at, x[2], at, n));
    assertSameBits("larger", (k, x, n) -> k.larger(x[0], at, 7, x[1], at, x[2], at, n));
    Kernels.Descent how = new Kernels.Descent(0.1f, 0.9f, 0.05f);
    assertSameBits("descend", (k, x, n) -> k.descend(x[0], at, x[1], at, x[2], at, how, n));
    assertSameBits("similarity", (k, x, n) -> k.similarity(x[0], at, x[1], at, 0.7f, x[2], at, n));
    assertSameBits("squares", (k, x, n) -> k.squares(x[0], at, 0.3f, x[1], x[2], at, n));
  }

  /** Projections from -1 to 1, 0 and 64 as sharpness: the two passes that it joins. */
  @Test
  void numeratorsAreExponentialsOfSimilarities() {
    for (Kernels kernels : kernels()) {
      for (int n : SIZES) {
        for (float sharpness : new float[] {0, 1.5f, 50, 64}) {
          float[] y = random(n, n);
          float[] scale = random(n + 1, n);
          float largest = 1e-6f;
          for (int i = OFFSET; i < OFFSET + n; i++) {
            largest = Math.max(largest, Math.abs(y[i] * scale[i]));
          }
          float[] projections = y.clone();
          float[] expected = new float[y.length];
          kernels.similarity(projections, OFFSET, scale, OFFSET, 1 / largest, expected, OFFSET, n);
          kernels.exp(expected, OFFSET, sharpness, 0, expected, OFFSET, n);
          float[] e = new float[y.length];
          kernels.numerators(y, OFFSET, scale, OFFSET, 1 / largest, sharpness, e, OFFSET, n);
          assertArrayEquals(expected, e);
          assertArrayEquals(projections, y);
        }
      }
    }
  }

  /** Integers have exact sums, so that both forms must give the same bits. */
  @Test
  void formsAgreeExactlyOnIntegers() {
    List<Kernels> both = kernels();
    for (int n : SIZES) {
      float[] a = random(n, n);
      float[] b = random(n + 1, n);
      for (int i = 0; i < n; i++) {
        a[OFFSET + i] = Math.round(a[OFFSET + i] * 8);
        b[OFFSET + i] = Math.round(b[OFFSET + i] * 8);
      }
      Kernels scalar = both.getFirst();
      Kernels chosen = both.getLast();
      assertEquals(scalar.sum(a, OFFSET, n), chosen.sum(a, OFFSET, n));
      assertEquals(scalar.dot(a, OFFSET, b, OFFSET, n), chosen.dot(a, OFFSET, b, OFFSET, n));
      assertEquals(scalar.max(a, OFFSET, n), chosen.max(a, OFFSET, n));
    }
  }
}
