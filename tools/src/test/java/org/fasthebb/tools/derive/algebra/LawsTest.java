package org.fasthebb.tools.derive.algebra;

import static org.fasthebb.tools.derive.algebra.Expr.minus;
import static org.fasthebb.tools.derive.algebra.Expr.named;
import static org.fasthebb.tools.derive.algebra.Expr.sum;
import static org.fasthebb.tools.derive.algebra.Expr.times;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.fasthebb.tools.derive.algebra.Condition.Relation;
import org.fasthebb.tools.derive.algebra.Definition.Kind;
import org.junit.jupiter.api.Test;

/** Laws do what they say, and refuse in one sentence that names the index. */
class LawsTest {
  private static final Expr X = named("X", "bs");
  private static final Expr Y = named("Y", "bn");
  private static final Expr W = named("W", "ns");
  private static final Expr PLAIN = sum(NamedAxis.B, times(Y, X));

  private static Equation form(Expr value) {
    return Equation.of(named("D", "ns"), value);
  }

  private static String after(Law law, Expr value) {
    return Notation.lines(law.rewrite().apply(form(value))).getLast();
  }

  private static void assertRefuses(String sentence, Law law, Expr value) {
    assertRefuses(sentence, law, form(value));
  }

  private static void assertRefuses(String sentence, Law law, Equation form) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> law.rewrite().apply(form));
    assertEquals(sentence, refusal.getMessage());
  }

  @Test
  void factorWithoutTheIndexLeavesTheSum() {
    assertEquals(
        "D_ns = (Σ_b Y_bn) W_ns",
        after(Laws.pullOut("W", NamedAxis.B), sum(NamedAxis.B, times(Y, W))));
    assertRefuses(
        "cannot pull X_bs out of the sum over b: the index b occurs in it",
        Laws.pullOut("X", NamedAxis.B),
        PLAIN);
    assertRefuses(
        "cannot pull W out of a sum over b: no such sum has the factor W",
        Laws.pullOut("W", NamedAxis.B),
        PLAIN);
  }

  @Test
  void differencesAreDistributedAndCollected() {
    Expr product = sum(NamedAxis.B, times(Y, minus(X, W)));
    assertEquals("D_ns = Σ_b Y_bn X_bs − Σ_b Y_bn W_ns", after(Laws.distribute(), product));
    Expr distributed = Laws.distribute().rewrite().apply(form(product)).value();
    assertEquals(
        "D_ns = Σ_b Y_bn (X_bs − W_ns)", after(Laws.collect("Y", NamedAxis.B), distributed));
    assertRefuses(
        "cannot distribute: no factor and no summand is itself a sum or a difference",
        Laws.distribute(),
        PLAIN);
    assertRefuses(
        "cannot collect: fewer than two terms have the factor X in a sum over b",
        Laws.collect("X", NamedAxis.B),
        distributed);
  }

  @Test
  void sumsChangePlacesUnlessOneDependsOnTheOther() {
    Expr inner = sum(NamedAxis.M, times(named("Y", "bm"), named("W", "ms")));
    assertEquals(
        "D_ns = Σ_m Σ_b Y_bn Y_bm W_ms",
        after(Laws.reorder(NamedAxis.B, NamedAxis.M), sum(NamedAxis.B, times(Y, inner))));
    Expr shards =
        sum(NamedAxis.G, sum(new Condition(NamedAxis.B, Relation.IN, NamedAxis.G), times(Y, X)));
    assertRefuses(
        "cannot take the sum over b out of that over g: its condition b∈g depends on g",
        Laws.reorder(NamedAxis.G, NamedAxis.B),
        shards);
    Expr captured = sum(NamedAxis.B, times(named("Z", "bm"), inner));
    assertRefuses(
        "cannot take Z_bm into the sum over m: it has an index m of its own",
        Laws.reorder(NamedAxis.B, NamedAxis.M),
        captured);
    assertRefuses(
        "cannot take Z_bm into the sum over m: it has an index m of its own",
        Laws.takeIn("Z", NamedAxis.M),
        sum(NamedAxis.B, times(named("Z", "bm"), inner)));
  }

  @Test
  void onlyTrianglesAreSplit() {
    Condition triangle = new Condition(NamedAxis.M, Relation.AT_MOST, NamedAxis.N);
    Expr rest = times(named("P", "nm"), named("W", "ms"));
    assertEquals(
        "D_ns = Σ_{m<k} P_nm W_ms + Σ_{m∈k,m≤n} P_nm W_ms",
        after(IndexLaws.splitTriangle(NamedAxis.M), sum(triangle, rest)));
    assertEquals(
        "D_ns = Σ_m L_nm P_nm W_ms", after(IndexLaws.mask(NamedAxis.M), sum(triangle, rest)));
    assertEquals(
        "D_ns = Σ_{m≤n} P_nm W_ms",
        after(IndexLaws.unmask(NamedAxis.M), sum(NamedAxis.M, times(named("L", "nm"), rest))));
    assertRefuses(
        "cannot split the sum over m: it has no condition m ≤ n, so it is no triangle",
        IndexLaws.splitTriangle(NamedAxis.M),
        sum(NamedAxis.M, rest));
    assertRefuses(
        "cannot write a condition on m as a matrix: no sum over m has a condition m ≤ ...",
        IndexLaws.mask(NamedAxis.M),
        sum(NamedAxis.M, rest));
    assertRefuses(
        "cannot read L as a condition: no sum over m has the factor L",
        IndexLaws.unmask(NamedAxis.M),
        sum(NamedAxis.M, rest));
  }

  @Test
  void onlyTheBatchIsSplitIntoShards() {
    assertEquals("D_ns = Σ_g Σ_{b∈g} Y_bn X_bs", after(IndexLaws.shard(NamedAxis.B), PLAIN));
    assertRefuses(
        "cannot split s into shards: only b counts patches", IndexLaws.shard(NamedAxis.S), PLAIN);
    Expr split = IndexLaws.shard(NamedAxis.B).rewrite().apply(form(PLAIN)).value();
    assertRefuses(
        "cannot split the sum over b into shards: it has a condition already",
        IndexLaws.shard(NamedAxis.B),
        split);
  }

  @Test
  void namesStandForPartsThatAreThere() {
    Law name = Laws.name(times(Y, X), "Z");
    assertEquals("D_ns = Σ_b Z_bns", after(name, PLAIN));
    Equation named = name.rewrite().apply(form(PLAIN));
    assertEquals(
        "D_ns = Σ_b Y_bn X_bs",
        Notation.lines(Laws.substitute("Z").rewrite().apply(named)).getLast());
    assertRefuses("cannot name W_ns: the right side has no such part", Laws.name(W, "Z"), PLAIN);
    assertRefuses("cannot name a part X: there is a tensor of this name", Laws.name(Y, "X"), PLAIN);
    assertRefuses("cannot put in what Z is: it has no definition", Laws.substitute("Z"), PLAIN);
    Equation twice =
        form(times(named("Z", "ns"), sum(NamedAxis.M, named("Z", "ms"))))
            .with(new Definition(named("Z", "ns"), W, Kind.COMPUTED));
    assertRefuses(
        "cannot put in what Z is: it is also used with other indices than Z_ns",
        Laws.substitute("Z"),
        twice);
  }

  @Test
  void onlyRunningDifferencesAreCarried() {
    Equation plain =
        form(sum(NamedAxis.B, times(Y, named("E", "bs"))))
            .with(new Definition(named("E", "bs"), minus(X, named("V", "bs")), Kind.COMPUTED));
    assertRefuses(
        "E is no running difference: its value must be a total in which the index k stands only in"
            + " sums over earlier blocks",
        IndexLaws.carry("E"),
        plain);
  }

  @Test
  void severalIndicesAreOneOnlyIfAllAreTogether() {
    Expr product = sum(NamedAxis.I, sum(NamedAxis.J, times(named("A", "ij"), named("V", "j"))));
    assertRefuses(
        "cannot count ij as one index: j is also used alone",
        IndexLaws.flatten(List.of(NamedAxis.I, NamedAxis.J), NamedAxis.S),
        product);
    assertRefuses(
        "cannot count several axes as s: the sum over i is not next in order",
        IndexLaws.flatten(List.of(NamedAxis.J, NamedAxis.I), NamedAxis.S),
        sum(NamedAxis.J, named("A", "ji")));
  }
}
