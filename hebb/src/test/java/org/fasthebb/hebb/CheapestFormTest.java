package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.fasthebb.hebb.Hpca.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules with two exact forms count multiplications. */
class CheapestFormTest {
  /**
   * For n over 24, the Gram form takes n ((n - 24) (B + s) - B s) multiplications more than that of
   * the residual, so at these edges both take the same or the next n decides.
   */
  @ParameterizedTest
  @CsvSource({
    "2, 2, 25, 26", // (n - 24) 4 = 4
    "6, 3, 26, 27", // (n - 24) 9 = 18
    "3, 6, 26, 27",
    "10, 15, 30, 31" // (n - 24) 25 = 150
  })
  void hpca(int patches, int s, int lastGram, int firstResidual) {
    Hpca rule = new Hpca();
    assertEquals(Form.GRAM, rule.formFor(patches, lastGram, s));
    assertEquals(Form.RESIDUAL, rule.formFor(patches, firstResidual, s));
    assertInstanceOf(GramStatistics.class, rule.statistics(weights(1, lastGram, s), patches));
    assertInstanceOf(SumStatistics.class, rule.statistics(weights(1, firstResidual, s), patches));
  }

  @Test
  void hpcaOfFewNeurons() {
    assertEquals(Form.GRAM, new Hpca().formFor(1000, 24, 1));
    assertEquals(Form.GRAM, new Hpca().formFor(1, 5, 1000));
  }

  @Test
  void hpcaOfTheSmallNetwork() {
    assertEquals(Form.GRAM, new Hpca().formFor(64 * 28 * 28, 96, 75));
    assertEquals(Form.RESIDUAL, new Hpca().formFor(64, 4096, 4096));
    assertEquals(Form.GRAM, new Hpca(Form.GRAM).formFor(64, 4096, 4096));
  }

  /** The Gram form if B n + n s is at most B s. */
  @ParameterizedTest
  @CsvSource({
    "4, 4, 2, 3", // 8 + 8 = 16
    "6, 3, 2, 3", // 12 + 6 = 18
    "3, 6, 2, 3",
    "20, 5, 4, 5" // 80 + 20 = 100
  })
  void subspace(int patches, int s, int lastGram, int firstResidual) {
    assertInstanceOf(
        GramStatistics.class, new Subspace().statistics(weights(1, lastGram, s), patches));
    assertInstanceOf(
        SumStatistics.class, new Subspace().statistics(weights(1, firstResidual, s), patches));
  }
}
