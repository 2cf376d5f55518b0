package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.assertClose;
import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.Hpca.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Statistics are sums: patches may come in any blocks, from any shards. */
class AdditivityTest {
  @SuppressWarnings("unused") // by the tests, as their source
  private static final List<HebbianRule> RULES = Rules.ALL;

  private static final int B = 120;
  private static final Tensor X = random(1, B, 20);
  private static final Tensor W = weights(2, 70, 20);

  private static Statistics observed(HebbianRule rule, int... borders) {
    Statistics statistics = rule.statistics(W, B);
    for (int i = 1; i < borders.length; i++) {
      statistics.observe(X.slice(0, borders[i - 1], borders[i]));
    }
    return statistics;
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void anyPartitionGivesTheSame(HebbianRule rule) {
    Tensor whole = observed(rule, 0, B).delta();
    int[][] partitions = {
      {0, 1, B}, {0, B - 1, B}, {0, 40, 80, B}, {0, 7, 7, 64, 65, 100, B}, {0, 0, B, B}
    };
    for (int[] borders : partitions) {
      assertClose("in blocks", whole, observed(rule, borders).delta(), 2e-6);
    }
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void mergedShardsEqualTheirUnion(HebbianRule rule) {
    Tensor whole = observed(rule, 0, B).delta();
    Statistics merged = observed(rule, 0, 33);
    Statistics other = observed(rule, 33, 90, B);
    Tensor otherDelta = other.delta();
    merged.merge(other);
    assertClose("merged", whole, merged.delta(), 2e-6);
    assertArrayEquals(otherDelta.toArray(), other.delta().toArray(), "what was merged stays");
    merged.merge(rule.statistics(W, 0));
    assertClose("and nothing", whole, merged.delta(), 2e-6);
    Statistics empty = rule.statistics(W, 0);
    empty.merge(merged);
    assertClose("into nothing", whole, empty.delta(), 2e-6);
  }

  /** Another machine sends the tensors of its statistics, not the object. */
  @ParameterizedTest
  @FieldSource("RULES")
  void tensorsOfShardsAddUp(HebbianRule rule) {
    Tensor whole = observed(rule, 0, B).delta();
    Statistics here = observed(rule, 0, 33);
    addAll(here.tensors(), observed(rule, 33, B).tensors());
    assertClose("added", whole, here.delta(), 2e-6);
    Statistics empty = rule.statistics(W, B);
    addAll(empty.tensors(), here.tensors());
    assertClose("added to nothing", whole, empty.delta(), 2e-6);
  }

  private static void addAll(List<Tensor> sums, List<Tensor> others) {
    for (int i = 0; i < sums.size(); i++) {
      sums.get(i).addAssign(others.get(i));
    }
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void shardsInTheSameOrderGiveTheSameBits(HebbianRule rule) {
    Statistics first = observed(rule, 0, 33);
    first.merge(observed(rule, 33, B));
    Statistics second = observed(rule, 0, 33);
    second.merge(observed(rule, 33, B));
    assertArrayEquals(first.delta().toArray(), second.delta().toArray());
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void blocksMayBeObservedInScopesOfTheirOwn(HebbianRule rule) {
    Tensor whole = observed(rule, 0, B).delta();
    try (Scope _ = Tensors.CPU.scope()) {
      Statistics statistics = rule.statistics(W, B);
      for (int from = 0; from < B; from += 40) {
        try (Scope _ = Tensors.CPU.scope()) {
          statistics.observe(X.slice(0, from, from + 40));
        }
      }
      assertClose("in scopes", whole, statistics.delta(), 2e-6);
    }
  }

  /** A rule chooses its form by the expected number of patches, so shards may differ in form. */
  @Test
  void shardsOfDifferentFormsMerge() {
    Tensor whole = observed(new Hpca(Form.GRAM), 0, B).delta();
    Form[] forms = {Form.GRAM, Form.RESIDUAL};
    for (Form into : forms) {
      for (Form from : forms) {
        Statistics merged = observed(new Hpca(into), 0, 33);
        merged.merge(observed(new Hpca(from), 33, B));
        assertClose(from + " into " + into, whole, merged.delta(), 2e-6);
      }
    }
  }
}
