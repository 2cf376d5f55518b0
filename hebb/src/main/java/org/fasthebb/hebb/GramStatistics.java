package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;

import java.util.List;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * Statistics of the rules that reconstruct patches: A = sum_b (Z X - v W) and the Gram matrix G =
 * sum_b H C^T, where Z, H and C are often the same. If all neurons share one reconstruction, dW =
 * A/B - (G/B) W. If neuron n uses that of neurons 1 .. n, dW = A/B - tril(G/B) W, eq. 8.
 */
final class GramStatistics extends MeanStatistics {
  /**
   * Rows of tril(G) per matrix product on the CPU. A GPU multiplies by all of it at once, since it
   * spends less on the zeros than on waiting.
   */
  private static final int TRIANGLE = 64;

  /** Computes the terms of patches x (B, S) and writes the output into y (B, N). */
  interface Encoder {
    FeedbackRule.Feedback of(Tensor x, Tensor w, Tensor y);
  }

  private final Encoder encoder;
  private final boolean ordered;
  private final Tensor a;
  private final Tensor g;

  /** Whether patches have been added; until then the content of A and G is undefined. */
  private boolean observed;

  /**
   * Starts with no patches.
   *
   * @param ordered whether neuron n sees the residual of neurons 1 .. n (HPCA) rather than that of
   *     all neurons
   */
  GramStatistics(Tensor w, Encoder encoder, boolean ordered) {
    super(w);
    this.encoder = encoder;
    this.ordered = ordered;
    int n = w.size(0);
    a = w.backend().empty(w.shape());
    g = w.backend().empty(n, n);
  }

  @Override
  void add(Tensor x, Tensor y) {
    try (Scope _ = y.backend().scope()) {
      FeedbackRule.Feedback terms = encoder.of(x, weights(), y);
      if (observed) {
        contractAdd(a, "bn,bs->ns", terms.z(), x);
        contractAdd(g, "bn,bm->nm", terms.h(), terms.c());
      } else {
        contractInto(a, "bn,bs->ns", terms.z(), x);
        contractInto(g, "bn,bm->nm", terms.h(), terms.c());
        observed = true;
      }
      terms.addDecay(weights(), a);
    }
  }

  /** Fills A and G with zeros if no patches have been added. */
  private void start() {
    if (!observed) {
      a.fill(0);
      g.fill(0);
      observed = true;
    }
  }

  @Override
  void add(MeanStatistics other) {
    start();
    if (other instanceof GramStatistics grams) {
      grams.start();
      a.addAssign(grams.a);
      g.addAssign(grams.g);
    } else {
      a.addAssign(other.sum());
    }
  }

  @Override
  List<Tensor> sums() {
    start();
    return List.of(a, g);
  }

  @Override
  Tensor sum() {
    start();
    Tensor sum = a.copy();
    Tensor minus = g.times(-1);
    if (ordered) {
      addLowerTriangle(minus, sum);
    } else {
      contractAdd(sum, "nm,ms->ns", minus, weights());
    }
    return sum;
  }

  /** sum = sum + tril(m) W, by blocks of rows, since half of tril(m) is zero. */
  private void addLowerTriangle(Tensor m, Tensor sum) {
    int n = m.size(0);
    int step = m.backend().isRemote() ? n : TRIANGLE;
    for (int from = 0; from < n; from += step) {
      int to = Math.min(n, from + step);
      Tensor rows = m.slice(0, from, to);
      rows.slice(1, from, to).lowerTriangleAssign();
      Tensor target = sum.slice(0, from, to);
      contractAdd(target, "nm,ms->ns", rows.slice(1, 0, to), weights().slice(0, 0, to));
    }
  }
}
