package org.fasthebb.tools.derive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fasthebb.models.network.Architecture;
import org.fasthebb.tools.derive.algebra.CallChain;
import org.fasthebb.tools.derive.algebra.Cost;
import org.fasthebb.tools.derive.algebra.EngineRun;
import org.fasthebb.tools.derive.algebra.Equation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Printed costs agree with what a device is asked to do, at the sizes of the paper's layers. */
class LayerCostTest {
  @ParameterizedTest
  @CsvSource({"small, fc5, 64", "imagenet, conv3, 1", "imagenet, conv3, 32", "small, conv2, 3"})
  void costsAreWhatADeviceCounts(String network, String layer, int images) {
    LayerSize size = LayerSize.of(Architecture.named(network).orElseThrow(), layer, images);
    int compared = 0;
    for (Derivations which : Derivations.values()) {
      for (Derivation part : which.parts()) {
        Equation form = part.start();
        compared += compare(form, size);
        for (Derivation.Move move : part.moves()) {
          form = move.law().rewrite().apply(form);
          compared += compare(form, size);
        }
      }
    }
    assertTrue(compared > 20, compared + " compared");
  }

  /** Compares an equation, unless one of its tensors is larger than an array can be. */
  private static int compare(Equation form, LayerSize size) {
    CallChain plan = CallChain.of(form);
    Cost cost = Cost.of(plan, size.sizes());
    if (!EngineRun.canRun(plan) || cost.largestCount() > Integer.MAX_VALUE) {
      return 0;
    }
    CountedRun counted = CountedRun.of(form, plan, size.sizes());
    assertEquals(counted.multiplications(), cost.multiplicationCount(), form::toString);
    assertEquals(counted.largest(), cost.largestCount(), form::toString);
    return 1;
  }
}
