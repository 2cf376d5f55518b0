package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.integers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** A patch matrix is a view. All that reads it must see what a stored patch matrix would hold. */
class PatchesTest {
  /** b, h, w, c, kh, kw. */
  @SuppressWarnings("unused") // by the tests, as their source
  private static final int[][] SHAPES = {
    {1, 1, 1, 1, 1, 1},
    {2, 5, 4, 3, 1, 1},
    {2, 5, 4, 3, 2, 3},
    {3, 7, 7, 1, 5, 5},
    {2, 6, 5, 4, 6, 5}, // the whole image
    {1, 9, 3, 2, 1, 3},
    {2, 3, 9, 5, 3, 1},
    {1, 20, 20, 3, 5, 5},
    {2, 11, 10, 40, 3, 3}, // one patch is longer than a packed panel
    {0, 4, 4, 3, 2, 2}
  };

  private static Tensor images(int[] s) {
    return integers(s[0] + s[1], s[0], s[1], s[2], s[3]);
  }

  /** Patches by their definition: row (b, y, x), value (i, j, c). */
  private static float[] materialised(Tensor images, int kh, int kw) {
    int h = images.size(1);
    int w = images.size(2);
    int c = images.size(3);
    float[] x = images.toArray();
    int ho = h - kh + 1;
    int wo = w - kw + 1;
    float[] patches = new float[images.size(0) * ho * wo * kh * kw * c];
    int to = 0;
    for (int b = 0; b < images.size(0); b++) {
      for (int row = 0; row < ho; row++) {
        for (int column = 0; column < wo; column++) {
          for (int i = 0; i < kh; i++) {
            for (int j = 0; j < kw; j++) {
              for (int k = 0; k < c; k++) {
                patches[to++] = x[((b * h + row + i) * w + column + j) * c + k];
              }
            }
          }
        }
      }
    }
    return patches;
  }

  /** Patches of one pixel lie in memory as an image does, but their axes have parts. */
  @Test
  void patchesOfOnePixelAreStoredAnew() {
    Tensor patches = images(new int[] {2, 5, 4, 3}).patches(1, 1);
    assertTrue(patches.layout().isContiguous());
    assertFalse(patches.layout().isSimple());
    assertTrue(patches.contiguous().layout().isSimple());
    assertArrayEquals(patches.toArray(), patches.contiguous().toArray());
  }

  private static Tensor stored(Tensor images, int kh, int kw) {
    Tensor view = images.patches(kh, kw);
    return Tensors.CPU.of(materialised(images, kh, kw), view.shape());
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void viewHoldsThePatches(int[] s) {
    Tensor images = images(s);
    Tensor patches = images.patches(s[4], s[5]);
    assertSame(images.storage(), patches.storage());
    int rows = s[0] * (s[1] - s[4] + 1) * (s[2] - s[5] + 1);
    assertArrayEquals(new int[] {rows, s[4] * s[5] * s[3]}, patches.shape());
    assertArrayEquals(materialised(images, s[4], s[5]), patches.toArray());
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void viewOfACroppedImageHoldsItsPatches(int[] s) {
    Tensor images = images(s);
    Tensor cropped = Tensors.withGaps(images);
    Tensor transposed = Tensors.transposed(images);
    float[] expected = materialised(images, s[4], s[5]);
    assertArrayEquals(expected, cropped.patches(s[4], s[5]).toArray());
    assertArrayEquals(expected, transposed.patches(s[4], s[5]).toArray());
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void sumsOfSquaresAreThoseOfStoredPatches(int[] s) {
    Tensor images = images(s);
    Tensor x = images.patches(s[4], s[5]);
    double[] expected = new double[x.size(0)];
    float[] values = materialised(images, s[4], s[5]);
    for (int i = 0; i < values.length; i++) {
      expected[i / x.size(1)] += values[i] * values[i];
    }
    assertExact("squares", expected, x.sumOfSquares(1));
    Tensor cropped = Tensors.withGaps(images).patches(s[4], s[5]);
    assertExact("of a view", expected, cropped.sumOfSquares(1));
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void contractionsOfTheViewAreThoseOfStoredPatches(int[] s) {
    Tensor images = images(s);
    Tensor stored = stored(images, s[4], s[5]);
    for (Tensor source : new Tensor[] {images, Tensors.withGaps(images)}) {
      Tensor view = source.patches(s[4], s[5]);
      for (int n : new int[] {1, 7, 33}) {
        Tensor w = integers(n, n, stored.size(1));
        assertExact(
            "y", NaiveContraction.of("bs,ns->bn", stored, w), contract("bs,ns->bn", view, w));
        assertExact(
            "y^T", NaiveContraction.of("ns,bs->nb", w, stored), contract("ns,bs->nb", w, view));
        Tensor r = integers(n + 1, stored.size(0), n);
        assertExact(
            "d", NaiveContraction.of("bn,bs->ns", r, stored), contract("bn,bs->ns", r, view));
        assertExact(
            "d^T", NaiveContraction.of("bs,bn->sn", stored, r), contract("bs,bn->sn", view, r));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void productsOfPatchesWithThemselves(int[] s) {
    Tensor images = images(s);
    Tensor view = images.patches(s[4], s[5]);
    Tensor stored = stored(images, s[4], s[5]);
    for (String spec : new String[] {"bs,cs->bc", "bs,bt->st", "bs,bs->b", "bs,bs->bs"}) {
      if (stored.size(0) <= 256) {
        assertExact(spec, NaiveContraction.of(spec, stored, stored), contract(spec, view, view));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 8, 7, 3, 10, 3, 2", "1, 32, 32, 3, 24, 5, 5", "2, 9, 9, 17, 33, 3, 3"})
  void responseIsTheConvolution(int b, int h, int w, int c, int n, int kh, int kw) {
    Tensor images = integers(1, b, h, w, c);
    Tensor weights = integers(2, n, kh * kw * c);
    int ho = h - kh + 1;
    int wo = w - kw + 1;
    double[] expected = new double[b * ho * wo * n];
    float[] x = images.toArray();
    float[] k = weights.toArray();
    for (int image = 0; image < b; image++) {
      for (int row = 0; row < ho; row++) {
        for (int column = 0; column < wo; column++) {
          for (int neuron = 0; neuron < n; neuron++) {
            int to = ((image * ho + row) * wo + column) * n + neuron;
            for (int i = 0; i < kh; i++) {
              for (int j = 0; j < kw; j++) {
                for (int channel = 0; channel < c; channel++) {
                  expected[to] +=
                      (double) x[((image * h + row + i) * w + column + j) * c + channel]
                          * k[((neuron * kh + i) * kw + j) * c + channel];
                }
              }
            }
          }
        }
      }
    }
    Tensor y = contract("bs,ns->bn", images.patches(kh, kw), weights);
    assertExact("y", expected, y.reshape(b, ho, wo, n));
  }
}
