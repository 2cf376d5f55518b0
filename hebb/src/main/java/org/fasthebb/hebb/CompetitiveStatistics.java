package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contractAdd;

import org.fasthebb.engine.Tensor;

/**
 * The statistics of a competitive rule in FastHebb form: A = sum_b R^2 X, q = sum_b R, p = sum_b
 * R^2, where R (B, N) says how much each neuron won of each patch.
 */
final class CompetitiveStatistics {
  private final Tensor w;
  private final Tensor a;
  private final Tensor q;
  private final Tensor p;

  CompetitiveStatistics(Tensor w) {
    this.w = w;
    int n = w.size(0);
    a = w.backend().empty(w.shape()).fill(0);
    q = w.backend().empty(1, n).fill(0);
    p = w.backend().empty(1, n).fill(0);
  }

  void add(Tensor r, Tensor x) {
    Tensor r2 = r.square();
    contractAdd(a, "bn,bs->ns", r2, x);
    q.addAssign(r.sum(0));
    p.addAssign(r2.sum(0));
  }

  void merge(CompetitiveStatistics other) {
    a.addAssign(other.a);
    q.addAssign(other.q);
    p.addAssign(other.p);
  }

  /**
   * Eq. 6: dW_ns = sum_b (CR)_bn X_bs - Q_n W_ns with C = R / sum_b R, so that sum_b (CR) X = A / q
   * and Q = p / q. A neuron that won nothing has q = 0 and stays.
   */
  Tensor delta() {
    int n = w.size(0);
    Tensor total = q.nonzero().reshape(n, 1);
    return a.minus(w.times(p.reshape(n, 1))).over(total);
  }
}
