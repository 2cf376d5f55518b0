package org.fasthebb.tools.derive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.random.Rng;
import org.fasthebb.tools.derive.Derivation.Move;
import org.fasthebb.tools.derive.algebra.AxisSizes;
import org.fasthebb.tools.derive.algebra.Condition;
import org.fasthebb.tools.derive.algebra.Condition.Relation;
import org.fasthebb.tools.derive.algebra.Equation;
import org.fasthebb.tools.derive.algebra.Expr;
import org.fasthebb.tools.derive.algebra.IndexLaws;
import org.fasthebb.tools.derive.algebra.Law;
import org.fasthebb.tools.derive.algebra.NamedAxis;
import org.fasthebb.tools.derive.algebra.Notation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every law of every derivation keeps the value, and the engine computes every equation. */
class DerivationsTest {
  private static final int[] PRIMES = {2, 3, 5, 7};

  @ParameterizedTest
  @EnumSource
  void equationsAreEqualAtRandomShapes(Derivations which) {
    Rng random = new Rng(which.name().hashCode());
    for (int shape = 0; shape < 3; shape++) {
      int side = 1 + random.nextInt(5);
      AxisSizes sizes =
          AxisSizes.ofLayer(
              shape == 0 ? 1 : PRIMES[random.nextInt(2)],
              side,
              1 + random.nextInt(3),
              1 + random.nextInt(side),
              shape == 1 ? 1 : PRIMES[random.nextInt(4)],
              1 + random.nextInt(4),
              1 + random.nextInt(4));
      assertAllOk(which, sizes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void equationsAreEqualWhereEveryAxisIsOne(Derivations which) {
    assertAllOk(which, AxisSizes.ofLayer(1, 1, 1, 1, 1, 1, 1));
  }

  private static void assertAllOk(Derivations which, AxisSizes sizes) {
    try (Backend cpu = Backend.cpu(1)) {
      for (Derivation part : which.parts()) {
        for (Checked each : Checked.check(part, cpu, List.of(sizes))) {
          assertTrue(each.isOk(), () -> Notation.lines(each.form()) + " at " + sizes + ": " + each);
        }
      }
    }
  }

  /** What the paper's equations look like at the end, in its own letters. */
  @Test
  void derivationsArriveAtTheEquationsOfThePaper() {
    assertEquals(
        List.of("CR_bn = C_bn R_bn", "Q_n = Σ_b CR_bn", "ΔW_ns = η Σ_b CR_bn X_bs − η Q_n W_ns"),
        Notation.lines(last(Derivations.SWTA)));
    assertEquals(
        List.of("P_nm = L_nm Σ_b Y_bn Y_bm", "ΔW_ns = η 1/B Σ_b Y_bn X_bs − η 1/B Σ_m P_nm W_ms"),
        Notation.lines(last(Derivations.HPCA)));
    assertEquals(
        List.of(
            "E_b0s = X_bs",
            "E_b(k+1)s = E_bks − Σ_{m∈k} Y_bm W_ms",
            "P_nm = Σ_b Y_bn Y_bm",
            "ΔW_ns = η 1/B Σ_b Y_bn E_bks − η 1/B Σ_{m∈k,m≤n} P_nm W_ms"),
        Notation.lines(last(Derivations.RESIDUAL)));
    assertEquals(
        List.of("X_uyxijc = I_u,y+i,x+j,c", "Y_bn = Σ_s X_bs W_ns"),
        Notation.lines(last(Derivations.CONVOLUTION)));
  }

  /** The last equation of the first chain. */
  private static Equation last(Derivations which) {
    Derivation chain = which.parts().getFirst();
    Equation form = chain.start();
    for (Move move : chain.moves()) {
      form = move.law().rewrite().apply(form);
    }
    return form;
  }

  /** Rewrites that look right and are not, each with the equation it is tried on. */
  static Stream<Move> wrongLaws() {
    return Stream.of(
        wrong("forgets j = i", DerivationsTest::withoutDiagonal),
        wrong("takes the block for the triangle", DerivationsTest::ownBlock),
        wrong("loses a sign", DerivationsTest::plusForMinus));
  }

  private static Move wrong(String name, UnaryOperator<Expr> change) {
    return new Move(
        new Law(
            name,
            "",
            form ->
                new Equation(form.definitions(), form.target(), form.value().everywhere(change))),
        "",
        "");
  }

  /** Σ_{m≤n} f as Σ_{m&lt;k} f, the earlier blocks alone. */
  private static Expr withoutDiagonal(Expr part) {
    return part instanceof Expr.Summed sum && sum.over() == NamedAxis.M
        ? Expr.sum(new Condition(NamedAxis.M, Relation.BEFORE, NamedAxis.K), sum.of())
        : part;
  }

  /** Σ_{m≤n} f as Σ_{m∈k} f, the own block alone, with neurons after n. */
  private static Expr ownBlock(Expr part) {
    return part instanceof Expr.Summed sum && sum.over() == NamedAxis.M
        ? Expr.sum(new Condition(NamedAxis.M, Relation.IN, NamedAxis.K), sum.of())
        : part;
  }

  private static Expr plusForMinus(Expr part) {
    return part instanceof Expr.Total total
        ? new Expr.Total(total.terms().stream().map(each -> new Expr.Signed(1, each.of())).toList())
        : part;
  }

  @ParameterizedTest
  @MethodSource("wrongLaws")
  void wrongLawIsCaughtByNumbers(Move wrong) {
    Derivation hpca = Derivations.HPCA.parts().getFirst();
    Equation merged = hpca.moves().getFirst().law().rewrite().apply(hpca.start());
    Derivation broken = new Derivation("broken", merged, "", List.of(wrong));
    AxisSizes sizes = AxisSizes.of(6, 5, 4, 2, 3);
    try (Backend cpu = Backend.cpu(1)) {
      Checked last = Checked.check(broken, cpu, List.of(sizes)).getLast();
      assertFalse(last.isOk(), last::toString);
      assertTrue(last.difference() > 1e-3, last::toString);
    }
  }

  /** A split without its precondition: the law refuses it, and numbers would show the fault. */
  @Test
  void splitOfWhatIsNoTriangleIsCaughtTwice() {
    Expr product = Expr.times(Expr.named("P", "nm"), Expr.named("W", "ms"));
    Equation all = Equation.of(Expr.named("ΔW", "ns"), Expr.sum(NamedAxis.M, product));
    Law split = IndexLaws.splitTriangle(NamedAxis.M);
    assertThrows(IllegalArgumentException.class, () -> split.rewrite().apply(all));

    Condition triangle = new Condition(NamedAxis.M, Relation.AT_MOST, NamedAxis.N);
    Equation half = Equation.of(all.target(), Expr.sum(triangle, product));
    Law forced = new Law("split", "", _ -> split.rewrite().apply(half));
    Derivation broken = new Derivation("broken", all, "", List.of(new Move(forced, "", "")));
    try (Backend cpu = Backend.cpu(1)) {
      Checked last = Checked.check(broken, cpu, List.of(AxisSizes.of(6, 5, 4, 2, 3))).getLast();
      assertTrue(last.difference() > 1e-3, last::toString);
    }
  }
}
