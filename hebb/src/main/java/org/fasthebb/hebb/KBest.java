package org.fasthebb.hebb;

import org.fasthebb.engine.Tensor;

/** The neurons that score highest for a patch. */
final class KBest {
  /** Takes a neuron out of the race, and is far enough from the largest float to add to it. */
  private static final float OUT = -Float.MAX_VALUE / 2;

  private KBest() {}

  /**
   * 1 where fewer than k neurons score more, else 0 (B, N): the k best of each patch, and more if
   * some tie with the last of them.
   *
   * @param scores (B, N)
   */
  static Tensor of(Tensor scores, int k) {
    Tensor best = best(scores);
    Tensor winners = best;
    Tensor out = scores.backend().empty(1, 1).fill(OUT);
    Tensor rest = scores;
    int places = Math.min(k, scores.size(1));
    for (int place = 1; place < places; place++) {
      rest = rest.copy().addProduct(best, out);
      best = best(rest);
      // All who tie came in at once, so that fewer places may be left than rounds.
      Tensor left = winners.sum(1).times(-1).plus(places);
      winners = winners.plus(best.reluBackward(left));
    }
    return winners;
  }

  /** 1 at the largest of each row. */
  private static Tensor best(Tensor scores) {
    Tensor behind = scores.max(1).minus(scores);
    Tensor losers = scores.backend().empty(1, 1).fill(1).reluBackward(behind);
    return losers.times(-1).plus(1);
  }
}
