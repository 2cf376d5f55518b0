package org.fasthebb.hebb;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/** The neurons that score highest for a patch. */
final class KBest {
  /** Added to a score to exclude its neuron; half the range of float, so that no sum overflows. */
  private static final float OUT = -Float.MAX_VALUE / 2;

  private KBest() {}

  /**
   * Marks the k best neurons of each patch in a new tensor (B, N): 1 where fewer than k neurons
   * score more, else 0. Neurons that tie with the k-th are marked too.
   *
   * @param scores (B, N)
   */
  static Tensor of(Tensor scores, int k) {
    Backend backend = scores.backend();
    if (k >= scores.size(1)) {
      return backend.empty(scores.shape()).fill(1);
    }
    Tensor best = best(scores);
    if (k == 1) {
      return best;
    }
    Tensor winners = best.copy();
    Tensor rest = scores.copy();
    Tensor out = backend.empty(1, 1).fill(OUT);
    for (int place = 1; place < k; place++) {
      try (Scope _ = backend.scope()) {
        rest.addProduct(best, out);
        best.assign(best(rest));
        // Tied neurons are marked in the same round, so the k places may be full before round k.
        Tensor left = winners.sum(1).times(-1).plus(k);
        winners.addAssign(best.reluBackward(left));
      }
    }
    return winners;
  }

  /** 1 at the largest of each row. */
  private static Tensor best(Tensor scores) {
    Tensor behind = scores.max(1).minus(scores);
    Tensor one = scores.backend().empty(1, 1).fill(1);
    Tensor losers = one.reluBackward(behind);
    return one.minus(losers);
  }
}
