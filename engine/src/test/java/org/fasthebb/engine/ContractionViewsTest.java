package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.integers;
import static org.fasthebb.engine.Tensors.transposed;
import static org.fasthebb.engine.Tensors.withGaps;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Contractions of views, and into views, give the same as those of contiguous tensors. */
class ContractionViewsTest {
  private static final List<UnaryOperator<Tensor>> VIEWS =
      List.of(
          x -> x,
          Tensors::withGaps,
          Tensors::transposed,
          x -> withGaps(transposed(x)),
          ContractionViewsTest::composite);

  /**
   * The same elements with a composite first axis: rows 0, 1, .. of x are stored in pairs with gaps
   * between them.
   */
  private static Tensor composite(Tensor x) {
    int rows = x.size(0);
    if (rows % 2 != 0) {
      return x;
    }
    Tensor pairs = Tensors.CPU.zeros(rows / 2, 3, x.size(1)).slice(1, 0, 2).flatten(0, 1);
    return pairs.assign(x);
  }

  @Test
  void everyPairOfViewsAsOperands() {
    for (UnaryOperator<Tensor> viewA : VIEWS) {
      for (UnaryOperator<Tensor> viewB : VIEWS) {
        Tensor a = integers(1, 14, 70);
        Tensor b = integers(2, 34, 70);
        double[] expected = NaiveContraction.of("mk,nk->mn", a, b);
        assertExact("views", expected, contract("mk,nk->mn", viewA.apply(a), viewB.apply(b)));
      }
    }
  }

  @Test
  void everyViewAsOutput() {
    Tensor a = integers(1, 26, 70);
    Tensor b = integers(2, 70, 67);
    double[] expected = NaiveContraction.of("mk,kn->mn", a, b);
    for (UnaryOperator<Tensor> view : VIEWS) {
      Tensor out = view.apply(integers(3, 26, 67));
      assertExact("into", expected, contractInto(out, "mk,kn->mn", a, b));
      Tensor twice = contractAdd(out, "mk,kn->mn", a, b);
      double[] doubled = java.util.Arrays.stream(expected).map(v -> 2 * v).toArray();
      assertExact("add", doubled, twice);
    }
  }

  @Test
  void longSumsGoIntoEveryView() {
    Tensor a = integers(1, 14, 3000);
    Tensor b = integers(2, 3000, 35);
    double[] expected = NaiveContraction.of("mk,kn->mn", a, b);
    for (UnaryOperator<Tensor> view : VIEWS) {
      Tensor out = view.apply(Tensors.CPU.zeros(14, 35).fill(Float.NaN));
      assertExact("into", expected, contractInto(out, "mk,kn->mn", a, b));
    }
  }

  /** Long sums of x^T x are computed on one side of the diagonal only. */
  @Test
  void gramMatricesGoIntoEveryView() {
    for (int n : new int[] {1, 12, 33, 70}) {
      Tensor x = integers(1, 3000, n);
      double[] expected = NaiveContraction.of("bn,bm->nm", x, x);
      for (UnaryOperator<Tensor> view : VIEWS) {
        Tensor out = view.apply(Tensors.CPU.zeros(n, n).fill(Float.NaN));
        assertExact("into", expected, contractInto(out, "bn,bm->nm", x, x));
        assertExact("of views", expected, contract("bn,bm->nm", view.apply(x), view.apply(x)));
        Tensor same = view.apply(x);
        assertExact("of one view", expected, contract("bn,bm->nm", same, same));
        Tensor start = integers(2, n, n); // not symmetric
        double[] added =
            Tensors.zip(start, Tensors.CPU.of(floats(expected), n, n), start.shape(), Double::sum);
        assertExact("add", added, contractAdd(start, "bn,bm->nm", x, x));
      }
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /**
   * The rows and columns of the output are in runs, shorter than a register tile, with gaps between
   * them.
   */
  @Test
  void outputMayLieInShortRuns() {
    Tensor a = integers(1, 3, 9, 40);
    Tensor b = integers(2, 40, 5, 20);
    double[] expected = NaiveContraction.of("abk,kcd->abcd", a, b);
    Tensor out = Tensors.withGaps(integers(3, 3, 9, 5, 20));
    assertExact("runs", expected, contractInto(out, "abk,kcd->abcd", a, b));
    Tensor swapped = Tensors.withGaps(integers(3, 5, 20, 3, 9));
    expected = NaiveContraction.of("abk,kcd->cdab", a, b);
    assertExact("swapped", expected, contractInto(swapped, "abk,kcd->cdab", a, b));
  }

  @Test
  void nothingAroundTheOutputIsTouched() {
    Tensor whole = Tensors.counting(40, 80);
    float[] expected = whole.toArray();
    Tensor a = integers(1, 26, 9);
    Tensor b = integers(2, 9, 67);
    double[] product = NaiveContraction.of("mk,kn->mn", a, b);
    contractInto(whole.slice(0, 5, 31).slice(1, 3, 70), "mk,kn->mn", a, b);
    for (int i = 0; i < product.length; i++) {
      expected[(5 + i / 67) * 80 + 3 + i % 67] = (float) product[i];
    }
    assertArrayEquals(expected, whole.toArray());
  }

  @Test
  void sumRunsOverACompositeAxisOfEither() {
    Tensor a = integers(1, 13, 10, 30).slice(2, 4, 25); // 21 of 30: the axes do not join
    Tensor b = integers(2, 35, 210);
    Tensor merged = a.flatten(1, 2);
    double[] expected = NaiveContraction.of("mk,nk->mn", merged.copy(), b);
    assertExact("first", expected, contract("mk,nk->mn", merged, b));
    assertExact("second", expected, contract("nk,mk->mn", b, merged));
  }

  @Test
  void batchAxisMayBeComposite() {
    Tensor images = integers(1, 3, 6, 5, 7);
    Tensor batch = images.slice(1, 1, 5).flatten(0, 1); // (12, 5, 7)
    assertTrue(!batch.layout().isContiguous());
    Tensor b = integers(2, 12, 7, 9);
    double[] expected = NaiveContraction.of("bmk,bkn->bmn", batch.copy(), b);
    assertExact("batch", expected, contract("bmk,bkn->bmn", batch, b));
    Tensor one = integers(3, 1, 7, 9);
    expected = NaiveContraction.of("bmk,bkn->mbn", batch.copy(), one);
    assertExact("stretched", expected, contract("bmk,bkn->mbn", batch, one));
  }

  @Test
  void broadcastOperandCountsAsOftenAsItRepeats() {
    Tensor row = integers(1, 1, 70);
    Tensor b = integers(2, 9, 70);
    double[] expected = NaiveContraction.of("mk,nk->mn", row.broadcast(14, 70).copy(), b);
    assertExact("row", expected, contract("mk,nk->mn", row.broadcast(14, 70), b));
    Tensor number = integers(3, 1, 1);
    expected = NaiveContraction.of("mk,nk->mn", number.broadcast(5, 70).copy(), b);
    assertExact("number", expected, contract("mk,nk->mn", number.broadcast(5, 70), b));
  }

  @Test
  void outputMayBePartOfALargerImage() {
    Tensor image = Tensors.CPU.zeros(2, 6, 7, 3);
    Tensor part = image.slice(1, 1, 5).slice(2, 2, 7).flatten(0, 2); // (40, 3)
    Tensor y = integers(1, 40, 11);
    Tensor w = integers(2, 11, 3);
    double[] expected = NaiveContraction.of("bn,ns->bs", y, w);
    assertExact("part", expected, contractAdd(part, "bn,ns->bs", y, w));
    double inside = java.util.Arrays.stream(expected).map(Math::abs).sum();
    double whole = java.util.Arrays.stream(Tensors.map(image, Math::abs)).sum();
    assertEquals(inside, whole, "the border stays zero");
  }
}
