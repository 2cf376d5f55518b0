package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.integers;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Products with many 3 x 3 patches, which take a shorter way: it must lead to the same place. Sums
 * of small integers and of their quarters are exact on both ways.
 */
class WinogradTest {
  /** Images b, h, w, c and neurons n. */
  @SuppressWarnings("unused") // by the tests, as their source
  private static final int[][] SHAPES = {
    {2, 18, 18, 32, 32},
    {3, 12, 14, 33, 35}, // panels with edges
    {1, 20, 18, 40, 97},
    {7, 10, 8, 64, 49},
    {130, 4, 4, 32, 32}, // one tile per image
    {1, 4, 300, 32, 32}, // one row of many tiles
    {1, 300, 4, 32, 32}, // one column
    {4, 10, 10, 128, 40},
    {5, 46, 50, 32, 33}, // summed in three parts
    {5, 11, 12, 32, 32}, // an odd number of rows
    {5, 12, 11, 32, 32},
    {1, 18, 18, 31, 32}, // too few channels, neurons, patches
    {2, 18, 18, 32, 31},
    {1, 17, 17, 32, 32}
  };

  private static Tensor images(int[] s) {
    return integers(s[0] + s[1], s[0], s[1], s[2], s[3]);
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void responsesAreExact(int[] s) {
    Tensor x = images(s).patches(3, 3);
    Tensor w = integers(s[4], s[4], 9 * s[3]);
    Tensor stored = x.contiguous();
    double[] expected = NaiveContraction.of("bs,ns->bn", stored, w);
    assertExact("response", expected, contract("bs,ns->bn", x, w));
    Tensor out = Tensors.CPU.zeros(x.size(0), s[4]).fill(Float.NaN);
    assertExact("into", expected, Contraction.contractInto(out, "pq,rq->pr", x, w));
    double[] doubled = java.util.Arrays.stream(expected).map(v -> 2 * v).toArray();
    assertExact("add", doubled, contractAdd(out, "bs,ns->bn", x, w));
    assertExact("views", expected, contract("bs,ns->bn", x, Tensors.withGaps(w)));
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void updatesAreExact(int[] s) {
    Tensor x = images(s).patches(3, 3);
    Tensor e = integers(s[4], x.size(0), s[4]);
    double[] expected = NaiveContraction.of("bn,bs->ns", e, x.contiguous());
    Tensor out = contract("bn,bs->ns", e, x);
    assertExact("update", expected, out);
    double[] doubled = java.util.Arrays.stream(expected).map(v -> 2 * v).toArray();
    assertExact("add", doubled, contractAdd(out, "bn,bs->ns", e, x));
    assertExact("views", expected, contract("bn,bs->ns", Tensors.transposed(e), x));
  }

  @Test
  void imagesMayBeSlices() {
    Tensor large = integers(1, 6, 16, 15, 36);
    Tensor[] views = {
      large.slice(0, 2, 5).slice(1, 1, 13), // rows left out: still taken as they are
      large.slice(2, 1, 15), // columns left out
      large.slice(3, 2, 35) // channels left out: pixels are apart
    };
    for (Tensor view : views) {
      Tensor x = view.patches(3, 3);
      Tensor w = integers(2, 34, x.size(1));
      double[] expected = NaiveContraction.of("bs,ns->bn", x.contiguous(), w);
      Tensor y = contract("bs,ns->bn", x, w);
      assertExact("response " + view.layout(), expected, y);
      Tensor e = integers(3, x.size(0), 34);
      double[] update = NaiveContraction.of("bn,bs->ns", e, x.contiguous());
      assertExact("update", update, contract("bn,bs->ns", e, x));
    }
  }

  /** Few bits are lost: the error is less than twice that of the direct way. */
  @Test
  void roundingStaysSmall() {
    Tensor x = random(1, 4, 10, 10, 96).patches(3, 3);
    Tensor stored = x.contiguous();
    Tensor w = random(2, 64, 864);
    double[] exact = NaiveContraction.of("bs,ns->bn", stored, w);
    double direct = error(exact, contract("bs,ns->bn", stored, w));
    assertBelow(2 * direct, error(exact, contract("bs,ns->bn", x, w)));
    Tensor e = random(3, x.size(0), 64);
    exact = NaiveContraction.of("bn,bs->ns", e, stored);
    direct = error(exact, contract("bn,bs->ns", e, stored));
    assertBelow(2 * direct, error(exact, contract("bn,bs->ns", e, x)));
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

  private static void assertBelow(double limit, double actual) {
    assertTrue(actual < limit, actual + " is not below " + limit);
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    float[] image = random(1, 9, 32, 28, 40).toArray();
    float[] weights = random(2, 50, 360).toArray();
    float[][] expected = null;
    for (int threads : new int[] {1, 2, 3, 5}) {
      try (Backend backend = Backend.cpu(threads)) {
        Tensor x = backend.of(image, 9, 32, 28, 40).patches(3, 3);
        Tensor y = contract("bs,ns->bn", x, backend.of(weights, 50, 360));
        float[][] actual = {y.toArray(), contract("bn,bs->ns", y, x).toArray()};
        expected = expected == null ? actual : expected;
        assertArrayEquals(expected[0], actual[0], "response, threads: " + threads);
        assertArrayEquals(expected[1], actual[1], "update, threads: " + threads);
      }
    }
  }
}
