package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractionRefusalTest {
  private static Tensor zeros(int... shape) {
    return Tensors.CPU.zeros(shape);
  }

  private static String refused(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bs",
        "bs->b",
        "bs,ns",
        "bs,ns,ks->bn",
        "bs,ns-bn",
        "->bs,ns",
        "b1,n1->bn",
        "b*,ns->bn"
      })
  void notASpecification(String spec) {
    assertTrue(refused(() -> Contraction.of(spec)).contains("'" + spec + "'"));
  }

  @ParameterizedTest
  @CsvSource({
    "'bs,ns->b', n in one input only",
    "'bsk,ns->bn', k in one input only",
    "'bs,ns->bnk', k in the output only",
    "'bb,bn->bn', each once in 'bb'",
    "'bs,sns->bn', each once in 'sns'",
    "'bs,ns->bnb', each once in 'bnb'"
  })
  void lettersThatDoNotFit(String spec, String complaint) {
    String message = refused(() -> Contraction.of(spec));
    assertTrue(message.contains(spec) && message.contains(complaint), message);
  }

  @Test
  void sizesThatDoNotFitAreNamedWithBothShapes() {
    assertEquals(
        "cannot contract bs,ns->bn: s is 75 in the first operand [64, 75] but 72 in the second"
            + " [96, 72]",
        refused(() -> contract("bs,ns->bn", zeros(64, 75), zeros(96, 72))));
  }

  @ParameterizedTest
  @CsvSource({
    "'bs,ns->bn', 4, 1, 5, 3", // a summed letter does not stretch
    "'bs,ns->bn', 4, 3, 5, 1",
    "'bs,ns->bn', 4, 0, 5, 3",
    "'bs,bs->bs', 4, 3, 2, 3", // a batch letter stretches from 1 only
    "'bs,bs->bs', 4, 3, 4, 2",
    "'bs,bs->b', 1, 3, 4, 2"
  })
  void everyMisfitNamesBothShapes(String spec, int a0, int a1, int b0, int b1) {
    String message = refused(() -> contract(spec, zeros(a0, a1), zeros(b0, b1)));
    assertTrue(message.contains(spec), message);
    assertTrue(message.contains("[" + a0 + ", " + a1 + "]"), message);
    assertTrue(message.contains("[" + b0 + ", " + b1 + "]"), message);
  }

  @Test
  void operandsOfAnotherRank() {
    String first = refused(() -> contract("bs,ns->bn", zeros(4, 3, 1), zeros(5, 3)));
    assertTrue(first.contains("first") && first.contains("'bs'"), first);
    assertTrue(first.contains("[4, 3, 1]"), first);
    String second = refused(() -> contract("bs,ns->bn", zeros(4, 3), zeros(3)));
    assertTrue(second.contains("second") && second.contains("[3]"), second);
  }

  @Test
  void outputOfAnotherShape() {
    Tensor a = zeros(4, 3);
    Tensor b = zeros(5, 3);
    for (int[] shape : new int[][] {{5, 4}, {4, 5, 1}, {4}, {1, 5}, {4, 6}}) {
      String into = refused(() -> contractInto(zeros(shape), "bs,ns->bn", a, b));
      assertTrue(into.contains("[4, 5]"), into);
      assertTrue(into.contains(java.util.Arrays.toString(shape)), into);
      String add = refused(() -> contractAdd(zeros(shape), "bs,ns->bn", a, b));
      assertEquals(into, add);
    }
  }

  @Test
  void outputInWhichElementsShareAPlace() {
    Tensor stretched = zeros(1, 5).broadcast(4, 5);
    String into = refused(() -> contractInto(stretched, "bs,ns->bn", zeros(4, 3), zeros(5, 3)));
    assertTrue(into.contains("[4, 5]"), into);
    refused(() -> contractAdd(stretched, "bs,ns->bn", zeros(4, 3), zeros(5, 3)));
  }

  @Test
  void refusedBeforeTheOutputIsTouched() {
    Tensor out = Tensors.counting(4, 5);
    float[] before = out.toArray();
    refused(() -> contractInto(out, "bs,ns->bn", zeros(4, 3), zeros(5, 2)));
    org.junit.jupiter.api.Assertions.assertArrayEquals(before, out.toArray());
  }

  @Test
  void compositeAxesCutDifferently() {
    Tensor images = zeros(1, 8, 8, 2);
    Tensor wide = images.patches(1, 4); // 1 x 4 x 2 values in 40 patches
    Tensor tall = images.patches(4, 1);
    String message = refused(() -> contract("bs,cs->bc", wide, tall));
    assertTrue(message.contains("composite") && message.contains("copy()"), message);
    assertEquals(40, contract("bs,cs->bc", wide, tall.copy()).size(0));
  }
}
