package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;

/** Sums and maxima along axes. */
class ReductionConformanceTest extends Conformance {
  private static final int[][] REDUCED = {
    {1},
    {33},
    {257},
    {5000},
    {7, 33},
    {100, 31},
    {33, 2},
    {3000, 40},
    {3, 4000},
    {600, 1},
    {3, 5, 7, 2},
    {2, 300, 33},
    {40, 2, 64}
  };

  @OnEveryBackend
  void reductions(Backend backend) {
    for (int[] shape : REDUCED) {
      Tensor x = random(5, shape);
      for (int subset = 1; subset < 1 << shape.length; subset++) {
        int[] axes = axes(subset, shape.length);
        for (View view : View.values()) {
          Tensor there = view.of(backend, x);
          String name = view + " " + Arrays.toString(shape) + " over " + Arrays.toString(axes);
          assertClose(name, reduced(x, axes, 0, Double::sum), there.sum(axes), 1e-4, 1e-5);
          assertClose(
              name,
              reduced(x, axes, 0, (sum, v) -> sum + v * v),
              there.sumOfSquares(axes),
              1e-5,
              1e-5);
          assertClose(
              name,
              reduced(x, axes, 0, (sum, v) -> sum + Math.max(0, v - 0.25)),
              there.sumAbove(0.25f, axes),
              1e-5,
              1e-5);
          assertClose(
              name,
              reduced(x, axes, 0, (sum, v) -> sum + Math.max(0, -0.25 - v)),
              there.sumBelow(-0.25f, axes),
              1e-5,
              1e-5);
          double least = Double.NEGATIVE_INFINITY;
          assertClose(name, reduced(x, axes, least, Math::max), there.max(axes), 0, 0);
        }
      }
    }
  }

  private static int[] axes(int subset, int rank) {
    return java.util.stream.IntStream.range(0, rank).filter(i -> (subset >> i & 1) == 1).toArray();
  }

  @OnEveryBackend
  void reductionsOfNothing(Backend backend) {
    Tensor none = backend.zeros(0, 3);
    assertArrayEquals(new float[3], none.sum(0).toArray());
    assertEquals(0, none.sum().item());
    assertEquals(Float.NEGATIVE_INFINITY, none.max().item());
    assertEquals(0, none.sum(1).size());
    assertEquals(0, none.sumAbove(-1).item());
    assertArrayEquals(new float[20], backend.zeros(0, 20).sumBelow(1, 0).toArray());
  }

  @OnEveryBackend
  void reductionsOfPatches(Backend backend) {
    for (int[] shape : new int[][] {{2, 9, 8, 3}, {1, 5, 5, 40}, {3, 6, 4, 1}}) {
      for (int[] window : new int[][] {{1, 1}, {5, 3}, {2, 4}, {shape[1], shape[2]}}) {
        Tensor images = random(1, shape);
        Tensor patches = images.patches(window[0], window[1]).copy();
        for (View view : View.values()) {
          Tensor there = view.of(backend, images).patches(window[0], window[1]);
          assertClose(Tensors.doubles(patches), there.copy(), 0, 0);
          assertClose(
              reduced(patches, new int[] {1}, 0, (sum, v) -> sum + v * v),
              there.sumOfSquares(1),
              1e-5,
              1e-5);
          assertClose(reduced(patches, new int[] {0}, 0, Double::sum), there.sum(0), 1e-4, 1e-5);
        }
      }
    }
  }
}
