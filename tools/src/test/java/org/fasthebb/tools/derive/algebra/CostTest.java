package org.fasthebb.tools.derive.algebra;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Costs of small expressions, counted by hand. */
class CostTest {
  private static final Expr X = Expr.named("X", "bs");
  private static final Expr Y = Expr.named("Y", "bn");

  @Test
  void matrixProductIsCountedByHand() {
    Equation form = Equation.of(Expr.named("D", "ns"), Expr.sum(NamedAxis.B, Expr.times(Y, X)));
    Cost cost = Cost.of(CallChain.of(form), AxisSizes.of(7, 5, 3, 2, 2));
    assertEquals(7 * 5 * 3, cost.multiplicationCount());
    assertEquals("BNS", cost.multiplications().toString());
    assertEquals("NS", cost.largest().toString());
    assertEquals(4 * 5 * 3, cost.peakBytes());
  }

  /** D_ns = Σ_b (Y_bn - V_bn) X_bs: the difference is there together with the result. */
  @Test
  void peakIsWhatIsNeededTogether() {
    Expr difference = Expr.minus(Y, Expr.named("V", "bn"));
    Equation form =
        Equation.of(Expr.named("D", "ns"), Expr.sum(NamedAxis.B, Expr.times(difference, X)));
    Cost cost = Cost.of(CallChain.of(form), AxisSizes.of(7, 5, 3, 2, 2));
    assertEquals(4 * (7 * 5 + 5 * 3), cost.peakBytes());
    assertEquals("4BN + 4NS", cost.peak().toString());
    assertEquals("BN", cost.largest().toString());
  }
}
