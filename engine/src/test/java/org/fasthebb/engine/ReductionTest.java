package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.assertClose;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.forEachIndex;
import static org.fasthebb.engine.Tensors.integers;
import static org.fasthebb.engine.Tensors.random;
import static org.fasthebb.engine.Tensors.stretched;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/** Sums and maxima over every set of axes, of integers, so that sums are exact. */
class ReductionTest {
  private static final int[][] SHAPES = {
    {},
    {1},
    {7},
    {1000},
    {5, 7},
    {33, 1},
    {1, 33},
    {3, 4, 5},
    {2, 1, 3, 4},
    {17, 65},
    {700, 3},
    {2, 3, 1100},
    {1030, 17},
    {3, 5, 2, 16},
    {2, 3, 4, 515}
  };

  /** The reduction by its definition, over the axes whose size in {@code kept} is 1. */
  private static double[] fold(Tensor x, int[] kept, double start, DoubleBinaryOperator f) {
    double[] out = new double[Tensors.count(kept)];
    Arrays.fill(out, start);
    float[] values = x.toArray();
    int[] at = {0};
    forEachIndex(
        x.shape(),
        index -> {
          int to = stretched(index, kept);
          out[to] = f.applyAsDouble(out[to], values[at[0]++]);
        });
    return out;
  }

  private static void checkAll(Tensor x, Tensor view, int... axes) {
    int[] kept = x.shape();
    for (int axis : axes) {
      kept[axis] = 1;
    }
    String name = x.layout() + " over " + Arrays.toString(axes);
    assertArrayEquals(kept, view.sum(axes).shape(), name);
    assertExact("sum of " + name, fold(x, kept, 0, Double::sum), view.sum(axes));
    double[] squares = fold(x, kept, 0, (sum, v) -> sum + v * v);
    assertExact("sum of squares of " + name, squares, view.sumOfSquares(axes));
    double[] maxima = fold(x, kept, Double.NEGATIVE_INFINITY, Math::max);
    assertExact("max of " + name, maxima, view.max(axes));
  }

  @Test
  void everySetOfAxesOfEveryView() {
    for (int[] shape : SHAPES) {
      Tensor x = integers(shape.length, shape);
      for (Tensor view : new Tensor[] {x, Tensors.withGaps(x), Tensors.transposed(x)}) {
        for (int set = 1; set < 1 << shape.length; set++) {
          int chosen = set;
          int[] axes =
              java.util.stream.IntStream.range(0, shape.length)
                  .filter(i -> (chosen >> i & 1) != 0)
                  .toArray();
          checkAll(x, view, axes);
        }
      }
    }
  }

  @Test
  void noAxesMeansAll() {
    for (int[] shape : SHAPES) {
      Tensor x = integers(9, shape);
      double expected = Arrays.stream(Tensors.doubles(x)).sum();
      assertEquals(expected, x.sum().item(), "sum of " + x.layout());
      assertEquals(expected, Tensors.withGaps(x).sum().item(), "with gaps");
      assertEquals(Arrays.stream(Tensors.doubles(x)).max().orElseThrow(), x.max().item());
      int[] ones = new int[shape.length];
      Arrays.fill(ones, 1);
      assertArrayEquals(ones, x.sum().shape());
    }
  }

  @Test
  void negativeAxesCountFromTheLast() {
    Tensor x = integers(1, 3, 4, 5);
    assertArrayEquals(x.sum(1, 2).toArray(), x.sum(-1, -2).toArray());
    assertArrayEquals(x.max(0).toArray(), x.max(-3).toArray());
    assertArrayEquals(x.sum(1).toArray(), x.sum(1, -2).toArray(), "named twice");
  }

  @Test
  void patchesAndOtherCompositeAxes() {
    Tensor patches = integers(1, 2, 6, 5, 3).patches(2, 3);
    Tensor stored = patches.copy();
    for (int[] axes : new int[][] {{0}, {1}, {0, 1}}) {
      checkAll(stored, patches, axes);
    }
    Tensor tall = integers(2, 40, 8, 8, 2).patches(3, 3); // 1440 rows
    checkAll(tall.copy(), tall, 0);
    checkAll(tall.copy(), tall, 1);
  }

  /** Sums of columns are cut into blocks, and must be the bits of one column alone. */
  @Test
  void windowsOfImages() {
    Tensor x = random(3, 20, 9, 8, 1030);
    for (int images : new int[] {1, 20}) {
      Tensor window = x.slice(0, 0, images).slice(1, 2, 7).slice(2, 1, 6);
      Tensor sums = window.sum(1, 2);
      Tensor squares = window.sumOfSquares(1, 2);
      for (int c : new int[] {0, 1, 63, 64, 511, 512, 1029}) {
        Tensor alone = window.slice(3, c, c + 1);
        assertArrayEquals(
            alone.sum(1, 2).toArray(), sums.slice(3, c, c + 1).toArray(), "channel " + c);
        assertArrayEquals(
            alone.sumOfSquares(1, 2).toArray(),
            squares.slice(3, c, c + 1).toArray(),
            "squares of channel " + c);
      }
      assertClose(fold(window.copy(), sums.shape(), 0, Double::sum), sums, 1e-6, 1e-6);
    }
  }

  @Test
  void compositeAxesBesideColumns() {
    Tensor window = integers(4, 3, 6, 5, 2, 40).slice(1, 1, 5).slice(2, 0, 3);
    Tensor joined = window.flatten(1, 2); // (3, 4 x 3, 2, 40)
    for (int[] axes : new int[][] {{1}, {0, 1}, {2}, {0, 2}, {1, 2}}) {
      checkAll(joined.copy(), joined, axes);
    }
  }

  @Test
  void repeatedElementsCountAsOftenAsTheyRepeat() {
    Tensor x = integers(1, 3, 1).broadcast(3, 500);
    checkAll(x.copy(), x, 0);
    checkAll(x.copy(), x, 1);
    checkAll(x.copy(), x, 0, 1);
    Tensor rows = integers(2, 3, 1, 70).broadcast(3, 50, 70);
    checkAll(rows.copy(), rows, 1);
    checkAll(rows.copy(), rows, 0);
  }

  @Test
  void emptyTensors() {
    assertArrayEquals(new float[5], Tensors.counting(0, 5).sum(0).toArray());
    assertArrayEquals(new float[5], Tensors.counting(0, 5).sumOfSquares(0).toArray());
    assertArrayEquals(new float[6], Tensors.counting(2, 0, 3).sum(1).toArray());
    assertArrayEquals(new float[2 * 16], Tensors.counting(2, 0, 3, 16).sum(1, 2).toArray());
    assertEquals(0, Tensors.counting(0, 3, 3, 16).sum(1, 2).size());
    assertEquals(0, Tensors.counting(0).sum().item());
    assertEquals(Float.NEGATIVE_INFINITY, Tensors.counting(0).max().item());
    float[] none = Tensors.counting(2, 0).max(1).toArray();
    assertArrayEquals(new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}, none);
    assertArrayEquals(new int[] {0, 1}, Tensors.counting(0, 5).sum(1).shape());
    assertEquals(0, Tensors.counting(0, 5).sum(1).size());
  }

  @Test
  void maximumOfNegativesAndNaN() {
    Tensor x = random(1, 3, 70).plus(-5);
    double largest = Arrays.stream(Tensors.doubles(x)).max().orElseThrow();
    assertEquals(largest, x.max().item());
    for (int at : new int[] {0, 35, 69}) {
      Tensor dirty = x.copy();
      dirty.slice(0, 1, 2).slice(1, at, at + 1).fill(Float.NaN);
      float[] maxima = dirty.max(1).toArray();
      assertTrue(!Float.isNaN(maxima[0]) && Float.isNaN(maxima[1]), "NaN at " + at);
      assertTrue(Float.isNaN(dirty.max(0).toArray()[at]));
      assertTrue(Float.isNaN(dirty.sum().item()));
    }
  }

  /** A sum of a million times 0.1 in float32 alone would be off by a percent. */
  @Test
  void longSumsKeepTheirPrecision() {
    int n = 1_000_000;
    double tenth = 0.1f;
    Tensor x = Tensors.CPU.zeros(n).fill(0.1f);
    assertClose(new double[] {n * tenth}, x.sum(), 0, 2e-6);
    assertClose(new double[] {n * tenth * tenth}, x.sumOfSquares(), 0, 2e-6);
    Tensor columns = x.reshape(n / 4, 4);
    double[] quarter = new double[4];
    Arrays.fill(quarter, 0.25 * n * tenth);
    assertClose(quarter, columns.sum(0), 0, 2e-6);
    assertClose(quarter, columns.permute(1, 0).sum(1).reshape(4), 0, 2e-6);
    Tensor images = x.reshape(100, 100, 25, 4);
    assertClose(quarter, images.sum(0, 1, 2), 0, 2e-6);
  }
}
