package org.fasthebb.tools.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumsTest {
  /** Sums of 1e8, 1 and -1e8, times 1 or 2: in float32, 1 is lost beside 1e8. */
  @ParameterizedTest
  @ValueSource(
      strings = {"bs,ns->bn", "bn,ns->bs", "bn,bs->ns", "bs,bn->ns", "bs,ns->nb", "sb,sn->bn"})
  void everyProductOfMatricesIsSummedInDouble(String spec) {
    try (Backend plain = Backend.cpu();
        Backend exact = ExactSums.on(plain)) {
      Contraction how = Contraction.of(spec);
      Tensor a = exact.of(new float[] {1e8f, 1, -1e8f, 1, 1, 1}, 2, 3);
      Tensor b = exact.of(new float[] {1, 1, 1, 2, 2, 2}, 2, 3);
      Tensor first = summedLast(how.first(), how.result()) ? a : a.permute(1, 0);
      Tensor second = summedLast(how.second(), how.result()) ? b : b.permute(1, 0);
      boolean exchanged = how.first().indexOf(how.result().charAt(0)) < 0;
      float[] expected = exchanged ? new float[] {1, 3, 2, 6} : new float[] {1, 2, 3, 6};

      Tensor out = exact.zeros(2, 2);
      Contraction.contractInto(out, spec, first, second);
      assertArrayEquals(expected, out.toArray());
      Contraction.contractAdd(out, spec, first, second);
      for (int i = 0; i < expected.length; i++) {
        expected[i] *= 2;
      }
      assertArrayEquals(expected, out.toArray());
    }
  }

  private static boolean summedLast(String letters, String result) {
    return result.indexOf(letters.charAt(1)) < 0;
  }
}
