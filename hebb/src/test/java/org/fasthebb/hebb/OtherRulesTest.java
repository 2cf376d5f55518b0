package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.assertClose;
import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Function;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.FeedbackRule.NaiveFeedback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Compares the rules that are not in the paper, in both forms, with their equations in float64. */
class OtherRulesTest {
  /** A rule in two forms and its equation. */
  private record Case(
      HebbianRule fast, HebbianRule naive, Function<RuleReference, double[][]> equation) {
    Case(LocalRule rule, Function<RuleReference, double[][]> equation) {
      this(rule, new Naive(rule), equation);
    }

    Case(FeedbackRule rule, Function<RuleReference, double[][]> equation) {
      this(rule, new NaiveFeedback(rule), equation);
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case(new HardWta(), reference -> reference.hardWta(1)),
          new Case(new HardWta(1, Response.SIGNED), reference -> reference.hardWta(1)),
          new Case(new HardWta(5), reference -> reference.hardWta(5)),
          new Case(new HardWta(100_000), reference -> reference.hardWta(100_000)),
          new Case(new Oja(), RuleReference::oja),
          new Case(new Subspace(), RuleReference::subspace),
          new Case(new Ica(), RuleReference::ica),
          new Case(new SparseCoding(), reference -> reference.sparseCoding(0.5f)),
          new Case(new SparseCoding(0.2f), reference -> reference.sparseCoding(0.2f)),
          new Case(new SoftHebb(1), reference -> reference.softHebb(1)),
          new Case(new SoftHebb(0.25f), reference -> reference.softHebb(0.25)));

  private static void check(Case tested, Tensor x, Tensor w) {
    RuleReference reference = new RuleReference(x, w);
    double[][] expected = tested.equation.apply(reference);
    double[][] output =
        switch (tested.fast.response()) {
          case PROJECTED -> new PaperReference(x, w).softWtaOutput();
          case RECTIFIED -> reference.rectifiedOutput();
          case LINEAR -> reference.output();
          case SIGNED -> reference.projections();
        };
    for (HebbianRule rule : new HebbianRule[] {tested.fast, tested.naive}) {
      String name = rule + " " + x.layout() + w.layout();
      Statistics statistics = rule.statistics(w, x.size(0));
      Tensor y = statistics.observe(x);
      assertClose("output of " + name, output, y, 2e-6);
      assertClose("change by " + name, expected, statistics.delta(), 1e-5);
      assertArrayEquals(y.toArray(), rule.respond(x, w).toArray(), "response of " + name);
      Tensor stepped = w.copy();
      Tensor learned = y.backend().zeros(y.shape());
      rule.learn(x, stepped, learned, 0.5f);
      assertArrayEquals(y.toArray(), learned.toArray(), "output of learning by " + name);
      assertClose("step by " + name, expected, stepped.minus(w).times(2), 1e-5);
    }
  }

  private static void check(Tensor x, Tensor w) {
    CASES.forEach(tested -> check(tested, x, w));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "33", "500"})
  void equationsAtEverySize(int patches) {
    for (int n : new int[] {1, 7, 64, 65, 130}) {
      for (int s : new int[] {1, 3, 75}) {
        check(random(patches + n, patches, s), weights(n + s, n, s));
      }
    }
  }

  @Test
  void patchViews() {
    Tensor images = random(1, 3, 9, 8, 3);
    check(images.patches(5, 3), weights(2, 13, 45));
    check(images.slice(1, 2, 8).patches(2, 2), weights(2, 13, 12));
  }

  /** All neurons win a zero patch. A zero neuron wins a patch that is opposite to all others. */
  @Test
  void zeroPatchesAndZeroNeurons() {
    Tensor x = random(1, 33, 12);
    Tensor w = weights(2, 7, 12);
    x.slice(0, 4, 6).fill(0);
    w.slice(0, 3, 4).fill(0);
    check(x, w);
    check(x.fill(0), w.fill(0));
  }

  @Test
  void equalNeuronsWinTogether() {
    Tensor x = random(1, 33, 12);
    Tensor w = weights(2, 7, 12);
    w.slice(0, 5, 6).assign(w.slice(0, 2, 3));
    check(x, w);
    for (LocalRule rule : new LocalRule[] {new HardWta(), new SoftHebb(1)}) {
      Statistics statistics = rule.statistics(w, 33);
      statistics.observe(x);
      Tensor delta = statistics.delta();
      assertArrayEquals(delta.slice(0, 2, 3).toArray(), delta.slice(0, 5, 6).toArray());
    }
  }

  @Test
  void withoutPatchesWeightsDoNotChange() {
    for (HebbianRule rule : Rules.ALL) {
      Statistics statistics = rule.statistics(weights(1, 3, 4), 0);
      assertArrayEquals(new float[12], statistics.delta().toArray(), rule::toString);
      assertEquals(0, statistics.observe(random(2, 0, 4)).size());
      assertArrayEquals(new float[12], statistics.delta().toArray(), rule::toString);
    }
  }

  @SuppressWarnings("unused") // by the test, as its source
  private static final List<HebbianRule> RULES = Rules.ALL;

  @ParameterizedTest
  @FieldSource("RULES")
  void inputsAreNotChanged(HebbianRule rule) {
    Tensor x = random(1, 10, 4);
    Tensor w = weights(2, 70, 4);
    float[] beforeX = x.toArray();
    float[] beforeW = w.toArray();
    Statistics statistics = rule.statistics(w, 10);
    statistics.observe(x);
    assertArrayEquals(statistics.delta().toArray(), statistics.delta().toArray(), "asked twice");
    assertArrayEquals(beforeX, x.toArray());
    assertArrayEquals(beforeW, w.toArray());
  }
}
