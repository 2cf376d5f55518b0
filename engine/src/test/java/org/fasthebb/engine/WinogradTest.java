package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Tensors.assertClose;
import static org.fasthebb.engine.Tensors.integers;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Products with many 3 x 3 patches, which are computed by Winograd's filtering. The sums are of
 * small integers, so that a wrong sum is wrong by at least one.
 */
class WinogradTest {
  /** Images b, h, w, c and neurons n. */
  @SuppressWarnings("unused") // by the tests, as their source
  private static final int[][] SHAPES = {
    {4, 18, 18, 32, 32},
    {8, 12, 14, 33, 35}, // incomplete panels; tiles of four and of three outputs
    {4, 20, 18, 40, 97},
    {17, 10, 8, 64, 49},
    {66, 6, 6, 32, 32}, // one tile per image
    {65, 5, 5, 33, 40}, // one small tile per image
    {64, 5, 6, 32, 32}, // three rows, four columns
    {1, 6, 300, 32, 32}, // one row of many tiles
    {1, 300, 6, 32, 32}, // one column
    {8, 12, 12, 128, 40}, // in both directions tiles of four outputs and two of three
    {5, 46, 50, 32, 33}, // summed in parts
    {6, 13, 15, 32, 32}, // one and three tiles of three outputs
    {6, 15, 13, 32, 32},
    {9, 11, 11, 32, 34}, // three tiles of three outputs and none of four
    {4, 18, 18, 31, 32}, // too few channels, neurons, tiles
    {4, 18, 18, 32, 31},
    {3, 18, 18, 32, 32},
    {64, 4, 4, 32, 32}, // sides that cannot be cut into tiles of four and three
    {64, 7, 7, 32, 32},
    {64, 7, 14, 32, 32}
  };

  private static Tensor images(int[] s) {
    return integers(s[0] + s[1], s[0], s[1], s[2], s[3]);
  }

  private static void assertNear(String name, double[] expected, Tensor actual) {
    assertClose(name, expected, actual, 0.02, 0);
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void responses(int[] s) {
    Tensor x = images(s).patches(3, 3);
    Tensor w = integers(s[4], s[4], 9 * s[3]);
    Tensor stored = x.contiguous();
    double[] expected = NaiveContraction.of("bs,ns->bn", stored, w);
    assertNear("response", expected, contract("bs,ns->bn", x, w));
    Tensor out = Tensors.CPU.zeros(x.size(0), s[4]).fill(Float.NaN);
    assertNear("into", expected, Contraction.contractInto(out, "pq,rq->pr", x, w));
    double[] doubled = Arrays.stream(expected).map(v -> 2 * v).toArray();
    assertNear("add", doubled, contractAdd(out, "bs,ns->bn", x, w));
    assertNear("views", expected, contract("bs,ns->bn", x, Tensors.withGaps(w)));
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void updates(int[] s) {
    Tensor x = images(s).patches(3, 3);
    Tensor e = integers(s[4], x.size(0), s[4]);
    double[] expected = NaiveContraction.of("bn,bs->ns", e, x.contiguous());
    Tensor out = contract("bn,bs->ns", e, x);
    assertNear("update", expected, out);
    double[] doubled = Arrays.stream(expected).map(v -> 2 * v).toArray();
    assertNear("add", doubled, contractAdd(out, "bn,bs->ns", e, x));
    assertNear("views", expected, contract("bn,bs->ns", Tensors.transposed(e), x));
  }

  @Test
  void imagesMayBeSlices() {
    Tensor large = integers(1, 9, 16, 15, 36);
    Tensor[] views = {
      large.slice(0, 2, 8).slice(1, 1, 13), // rows left out: still computed by Winograd's filtering
      large.slice(2, 1, 15), // columns left out
      large.slice(3, 2, 35) // channels left out: pixels are apart
    };
    for (Tensor view : views) {
      Tensor x = view.patches(3, 3);
      Tensor w = integers(2, 34, x.size(1));
      double[] expected = NaiveContraction.of("bs,ns->bn", x.contiguous(), w);
      Tensor y = contract("bs,ns->bn", x, w);
      assertNear("response " + view.layout(), expected, y);
      Tensor e = integers(3, x.size(0), 34);
      double[] update = NaiveContraction.of("bn,bs->ns", e, x.contiguous());
      assertNear("update", update, contract("bn,bs->ns", e, x));
    }
  }

  /**
   * The rounding error is about that of sums of this length that add one term after the other,
   * which is three to four times that of the direct way, which sums up blocks.
   */
  @ParameterizedTest
  @CsvSource({"64, 5", "8, 12"}) // tiles of 3 x 3 outputs, of all kinds
  void roundingStaysSmall(int images, int side) {
    Tensor x = random(1, images, side, side, 96).patches(3, 3);
    Tensor stored = x.contiguous();
    Tensor w = random(2, 64, 864);
    double[] exact = NaiveContraction.of("bs,ns->bn", stored, w);
    assertRounded(exact, contract("bs,ns->bn", x, w));
    Tensor e = random(3, x.size(0), 64);
    exact = NaiveContraction.of("bn,bs->ns", e, stored);
    assertRounded(exact, contract("bn,bs->ns", e, x));
  }

  /** Fails if the relative error, root mean square, exceeds 32 roundings. */
  private static void assertRounded(double[] exact, Tensor actual) {
    double size = error(exact, actual.backend().zeros(actual.shape()));
    double error = error(exact, actual) / size;
    assertTrue(error < 32 * 0x1p-24, "relative error " + error);
  }

  /** Root of the sum of squared errors. */
  private static double error(double[] exact, Tensor actual) {
    float[] values = actual.toArray();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += (values[i] - exact[i]) * (values[i] - exact[i]);
    }
    return Math.sqrt(sum);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 12})
  void theShorterWayIsTaken(int side) {
    Tensor x = random(1, 64, side, side, 32).patches(3, 3);
    Tensor w = random(2, 32, 288);
    Tensor y = contract("bs,ns->bn", x, w);
    assertFalse(Arrays.equals(y.toArray(), contract("bs,ns->bn", x.contiguous(), w).toArray()));
    Tensor out = contract("bn,bs->ns", y, x);
    assertFalse(Arrays.equals(out.toArray(), contract("bn,bs->ns", y, x.contiguous()).toArray()));
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    float[] image = random(1, 12, 32, 28, 40).toArray();
    float[] weights = random(2, 50, 360).toArray();
    float[][] expected = null;
    for (int threads : new int[] {1, 2, 3, 5}) {
      try (Backend backend = Backend.cpu(threads)) {
        Tensor x = backend.of(image, 12, 32, 28, 40).patches(3, 3);
        Tensor y = contract("bs,ns->bn", x, backend.of(weights, 50, 360));
        float[][] actual = {y.toArray(), contract("bn,bs->ns", y, x).toArray()};
        expected = expected == null ? actual : expected;
        assertArrayEquals(expected[0], actual[0], "response, threads: " + threads);
        assertArrayEquals(expected[1], actual[1], "update, threads: " + threads);
      }
    }
  }
}
