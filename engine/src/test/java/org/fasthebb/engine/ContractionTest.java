package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.integers;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrix products of all sizes and orientations. Operands are integers, so sums are exact. */
class ContractionTest {
  /** Around every register tile (4x8, 12x8, 12x16, 12x32) and vector length in use. */
  private static final int[] EDGES = {0, 1, 2, 3, 5, 6, 7, 11, 12, 13, 15, 16, 17, 31, 32, 33};

  private static void check(String spec, Tensor a, Tensor b) {
    String name = spec + " of " + a.layout() + " and " + b.layout();
    assertExact(name, NaiveContraction.of(spec, a, b), contract(spec, a, b));
  }

  @Test
  void everyCombinationOfEdgeSizes() {
    for (int m : EDGES) {
      for (int n : EDGES) {
        for (int k : EDGES) {
          check("mk,kn->mn", integers(m, m, k), integers(n + 100, k, n));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 191, 192, 193, 383, 384, 385, 767, 768, 1100, 1536, 5000})
  void longSums(int k) {
    int[][] outputs = {{1, 1}, {1, 40}, {40, 1}, {3, 5}, {12, 32}, {13, 33}, {41, 67}};
    for (int[] mn : outputs) {
      check("mk,nk->mn", integers(k, mn[0], k), integers(k + 1, mn[1], k));
      check("km,kn->mn", integers(k, k, mn[0]), integers(k + 1, k, mn[1]));
    }
  }

  /** More than one block of the output in both directions. */
  @ParameterizedTest
  @CsvSource({
    "191, 511, 3",
    "193, 513, 5",
    "400, 37, 300",
    "29, 1040, 260",
    "577, 1537, 2",
    "193, 385, 70",
    "790, 417, 20" // whole rows
  })
  void largeOutputs(int m, int n, int k) {
    check("mk,nk->mn", integers(1, m, k), integers(2, n, k));
    check("mk,kn->mn", integers(1, m, k), integers(2, k, n));
    check("km,nk->mn", integers(3, k, m), integers(4, n, k));
    check("km,kn->nm", integers(3, k, m), integers(4, k, n));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mk,kn->mn", "mk,nk->mn", "km,kn->mn", "km,nk->mn",
        "mk,kn->nm", "mk,nk->nm", "km,kn->nm", "km,nk->nm"
      })
  void everyOrientation(String spec) {
    int[][] sizes = {{1, 1, 1}, {7, 1, 3}, {1, 9, 300}, {13, 35, 61}, {47, 101, 257}, {64, 64, 64}};
    for (int[] mnk : sizes) {
      int m = mnk[0];
      int n = mnk[1];
      int k = mnk[2];
      Tensor a = spec.startsWith("mk") ? integers(5, m, k) : integers(5, k, m);
      Tensor b = spec.startsWith("kn", 3) ? integers(6, k, n) : integers(6, n, k);
      check(spec, a, b);
    }
  }

  @Test
  void severalLettersOfEachKind() {
    check("abk,kc->abc", integers(1, 3, 5, 7), integers(2, 7, 4));
    check("abk,kc->bca", integers(1, 3, 5, 7), integers(2, 7, 4));
    check("akb,kdc->cbda", integers(1, 3, 5, 7), integers(2, 5, 4, 6));
    check("mkl,nlk->mn", integers(1, 3, 5, 7), integers(2, 14, 7, 5));
    check("lmk,kln->nm", integers(1, 9, 14, 40), integers(2, 40, 9, 33));
    check("ijkl,jlmn->mikn", integers(1, 2, 3, 4, 5), integers(2, 3, 5, 6, 7));
  }

  /**
   * Rows or columns that fill a register tile and whose first and last are as far apart as in a
   * run, but which are no run.
   */
  @Test
  void permutedLettersThatFillATile() {
    for (int size = 2; size <= 16; size++) {
      check("mk,kbac->mabc", integers(size, 5, 7), integers(1, 7, size, 2, 2));
      check("kbac,kn->abcn", integers(size, 7, size, 2, 2), integers(1, 7, 40));
      check(",bac->abc", integers(size), integers(1, size, 2, 4));
    }
  }

  @Test
  void batchLetters() {
    check("bmk,bkn->bmn", integers(1, 3, 5, 7), integers(2, 3, 7, 9));
    check("mbk,bnk->nbm", integers(1, 5, 3, 7), integers(2, 3, 9, 7));
    check("mkb,nkb->mnb", integers(1, 5, 7, 3), integers(2, 9, 7, 3));
    check("abmk,bakn->bman", integers(1, 2, 3, 5, 7), integers(2, 3, 2, 7, 9));
    check("bn,bn->bn", integers(1, 5, 7), integers(2, 5, 7));
    check("bs,bs->b", integers(1, 5, 70), integers(2, 5, 70));
    check("b,bs->bs", integers(1, 5), integers(2, 5, 70));
  }

  @Test
  void batchLettersOfSizeOneStretch() {
    check("bmk,bkn->bmn", integers(1, 1, 5, 7), integers(2, 4, 7, 9));
    check("bmk,bkn->bmn", integers(1, 4, 5, 7), integers(2, 1, 7, 9));
    check("bmk,bkn->mnb", integers(1, 1, 5, 7), integers(2, 1, 7, 9));
    check("bcmk,bckn->cmbn", integers(1, 1, 3, 5, 7), integers(2, 4, 1, 7, 9));
    check("bn,bn->bn", integers(1, 1, 7), integers(2, 5, 1));
    check("bn,bn->bn", integers(1, 0, 7), integers(2, 1, 7));
  }

  @Test
  void outerAndInnerProductsOfVectorsAndNumbers() {
    check("m,n->mn", integers(1, 13), integers(2, 35));
    check("m,n->nm", integers(1, 13), integers(2, 35));
    check("k,k->", integers(1, 77), integers(2, 77));
    check("k,k->", integers(1, 3000), integers(2, 3000));
    check("mk,k->m", integers(1, 13, 77), integers(2, 77));
    check("k,kn->n", integers(1, 77), integers(2, 77, 35));
    check(",mn->mn", integers(1), integers(2, 3, 35));
    check("mn,->nm", integers(1, 3, 35), integers(2));
    check(",->", integers(1), integers(2));
  }

  @Test
  void operandMayBeUsedTwice() {
    Tensor x = integers(1, 37, 45);
    check("bn,bm->nm", x, x);
    check("bs,cs->bc", x, x);
    check("bs,bs->bs", x, x);
  }

  @Test
  void emptySumIsZeroWhateverWasThere() {
    Tensor out = Tensors.counting(3, 4);
    contractInto(out, "mk,kn->mn", integers(1, 3, 0), integers(2, 0, 4));
    assertArrayEquals(new float[12], out.toArray());
  }

  @Test
  void addLeavesWhatWasThere() {
    for (int k : new int[] {0, 1, 40, 257, 5000}) {
      Tensor a = integers(1, 14, k);
      Tensor b = integers(2, k, 35);
      Tensor out = integers(3, 14, 35);
      double[] expected = NaiveContraction.of("mk,kn->mn", a, b);
      float[] before = out.toArray();
      for (int i = 0; i < expected.length; i++) {
        expected[i] += before[i];
      }
      assertExact("add, k = " + k, expected, contractAdd(out, "mk,kn->mn", a, b));
    }
  }

  @Test
  void intoOverwritesEvenNaN() {
    Tensor a = integers(1, 14, 40);
    Tensor b = integers(2, 40, 35);
    Tensor out = Tensors.CPU.zeros(14, 35).fill(Float.NaN);
    double[] expected = NaiveContraction.of("mk,kn->mn", a, b);
    assertExact("into", expected, contractInto(out, "mk,kn->mn", a, b));
  }

  @Test
  void resultDoesNotDependOnOtherRowsOfTheTile() {
    Tensor a = integers(1, 14, 40);
    Tensor b = integers(2, 40, 35);
    float[] clean = contract("mk,kn->mn", a, b).toArray();
    a.slice(0, 13, 14).fill(Float.NaN);
    float[] dirty = contract("mk,kn->mn", a, b).slice(0, 0, 13).toArray();
    assertArrayEquals(java.util.Arrays.copyOf(clean, dirty.length), dirty);
  }

  @Test
  void realNumbersRoundOnlyALittle() {
    for (int k : new int[] {1, 75, 864, 5000}) {
      Tensor a = random(1, 33, k);
      Tensor b = random(2, 65, k);
      double[] expected = NaiveContraction.of("mk,nk->mn", a, b);
      // k roundings, of either sign, of sums that grow like sqrt(k): together about 2^-24 k.
      double atol = 0x1p-24 * (k + 4);
      Tensors.assertClose("k = " + k, expected, contract("mk,nk->mn", a, b), atol, 1e-6);
    }
  }

  @Test
  void specificationIsParsedOnceAndReadable() {
    Contraction how = Contraction.of("bn,bs->ns");
    assertEquals("bn|bs|ns", how.first() + "|" + how.second() + "|" + how.result());
    assertEquals("bn,bs->ns", how.toString());
    Contraction spaced = Contraction.of(" bn , bs -> ns ");
    assertEquals("bn|bs|ns", spaced.first() + "|" + spaced.second() + "|" + spaced.result());
  }
}
