package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;

import java.util.List;
import org.fasthebb.engine.Tensor;

/** The sums of a local rule in FastHebb form: A = sum_b z X, p = sum_b z v, and q. */
final class FactoredSums implements LocalStatistics.LocalSums {
  private final Tensor w;
  private final Tensor a;

  /** Whether patches have been added; until then the content of A is undefined. */
  private boolean observed;

  /** q and p (2, N). */
  private final Tensor sums;

  FactoredSums(Tensor w) {
    this.w = w;
    a = w.backend().empty(w.shape());
    sums = w.backend().empty(2, w.size(0)).fill(0);
  }

  /** q and p (2, N). A caller may add to them directly, and then calls {@link #addDrawn} for A. */
  Tensor sums() {
    return sums;
  }

  /** Adds sum_b z X to A. */
  void addDrawn(Tensor z, Tensor x) {
    if (observed) {
      contractAdd(a, "bn,bs->ns", z, x);
    } else {
      contractInto(a, "bn,bs->ns", z, x); // a large A is not filled with zeros first
      observed = true;
    }
  }

  @Override
  public void add(LocalRule.Terms terms, Tensor x) {
    Tensor z = terms.z();
    sums.slice(0, 0, 1).addAssign(terms.q());
    sums.slice(0, 1, 2).addAssign((terms.v() == null ? z : z.times(terms.v())).sum(0));
    addDrawn(z, x);
  }

  @Override
  public List<Tensor> tensors() {
    if (!observed) {
      a.fill(0);
      observed = true;
    }
    return List.of(a, sums);
  }

  @Override
  public void merge(LocalStatistics.LocalSums others) {
    FactoredSums other = (FactoredSums) others;
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
   * Adds eta dW as in eq. 6: sum_b (CR)_bn X_bs - Q_n W_ns = A/q - (p/q) W. A neuron with q = 0 has
   * won nothing, and its weights do not change.
   */
  @Override
  public void addMean(Tensor target, float eta) {
    if (observed) {
      w.device().addDelta(a, w, sums, eta, target);
    }
  }
}
