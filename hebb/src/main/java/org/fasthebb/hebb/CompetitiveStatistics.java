package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;

import org.fasthebb.engine.Tensor;

/**
 * The statistics of a competitive rule in FastHebb form: A = sum_b R^2 X, q = sum_b R, p = sum_b
 * R^2, where R (B, N) says how much each neuron won of each patch.
 */
final class CompetitiveStatistics {
  private final Tensor w;
  private final Tensor a;

  /** Whether there is anything in A yet. */
  private boolean observed;

  /** q and p (2, N). */
  private final Tensor sums;

  CompetitiveStatistics(Tensor w) {
    this.w = w;
    a = w.backend().empty(w.shape());
    sums = w.backend().empty(2, w.size(0)).fill(0);
  }

  /** q and p (2, N), for whoever adds to them and then calls {@link #addSquares}. */
  Tensor sums() {
    return sums;
  }

  /** Adds R^2 X. */
  void addSquares(Tensor r2, Tensor x) {
    if (observed) {
      contractAdd(a, "bn,bs->ns", r2, x);
    } else {
      contractInto(a, "bn,bs->ns", r2, x); // a large A is not filled with zeros first
      observed = true;
    }
  }

  void add(Tensor r, Tensor x) {
    Tensor r2 = r.square();
    sums.slice(0, 0, 1).addAssign(r.sum(0));
    sums.slice(0, 1, 2).addAssign(r2.sum(0));
    addSquares(r2, x);
  }

  void merge(CompetitiveStatistics other) {
    if (!other.observed) {
      return;
    }
    if (observed) {
      a.addAssign(other.a);
    } else {
      a.assign(other.a);
      observed = true;
    }
    sums.addAssign(other.sums);
  }

  /**
   * Eq. 6: dW_ns = sum_b (CR)_bn X_bs - Q_n W_ns with C = R / sum_b R, so that sum_b (CR) X = A / q
   * and Q = p / q. A neuron that won nothing has q = 0 and stays.
   */
  void addDelta(Tensor target, float eta) {
    if (!observed) {
      return;
    }
    int n = w.size(0);
    Tensor q = sums.slice(0, 0, 1).nonzero().reshape(n, 1);
    Tensor p = sums.slice(0, 1, 2).reshape(n, 1);
    target.addProduct(w, p.over(q).timesAssign(-eta));
    target.addProduct(a, q.backend().empty(1, 1).fill(eta).over(q));
  }
}
