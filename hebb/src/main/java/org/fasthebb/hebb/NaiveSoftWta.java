package org.fasthebb.hebb;

import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * Soft winner-takes-all as eq. 5 states it, by way of the B x N x S tensor of differences. Blocks
 * of patches bound its memory. Same numbers as {@link SoftWta} up to rounding, at O(BNS) element
 * operations instead of one matrix product.
 *
 * @param rule what both forms compute
 */
public record NaiveSoftWta(SoftWta rule) implements HebbianRule {
  /** With the authors' temperature. */
  public NaiveSoftWta() {
    this(new SoftWta());
  }

  @Override
  public Tensor respond(Tensor x, Tensor w) {
    return rule.respond(x, w);
  }

  @Override
  public Statistics statistics(Tensor w, int patches) {
    return new Observed(w);
  }

  private final class Observed implements Statistics {
    private final Tensor w;
    private final Tensor sum;
    private final Tensor q;

    Observed(Tensor w) {
      this.w = w;
      sum = w.backend().empty(w.shape()).fill(0);
      q = w.backend().empty(1, w.size(0)).fill(0);
    }

    @Override
    public Tensor weights() {
      return w;
    }

    @Override
    public void observe(Tensor x, Tensor y) {
      try (Scope _ = w.backend().scope()) {
        Tensor projection = SoftWta.projection(x, w);
        Tensor r = rule.competition(projection, x);
        Blocks.forEach(x, w, (from, to, xb) -> addBlock(r.slice(0, from, to), xb));
        q.addAssign(r.sum(0));
        y.assign(projection.reluAssign());
      }
    }

    /** Eq. 5: sum_b (CR)_bn (X_bs - W_ns), with C = R / q and the division by q left to the end. */
    private void addBlock(Tensor r, Tensor x) {
      int b = x.size(0);
      int n = w.size(0);
      int s = w.size(1);
      Tensor difference = x.reshape(b, 1, s).minus(w.reshape(1, n, s)); // (b, n, s)
      Tensor weight = r.square().reshape(b, n, 1);
      sum.addAssign(difference.timesAssign(weight).reshape(b, n * s).sum(0).reshape(n, s));
    }

    @Override
    public void merge(Statistics other) {
      Observed observed = (Observed) other;
      sum.addAssign(observed.sum);
      q.addAssign(observed.q);
    }

    @Override
    public void addDelta(Tensor target, float eta) {
      Tensor rate = w.backend().empty(1, 1).fill(eta);
      target.addProduct(sum, rate.over(q.nonzero().reshape(w.size(0), 1)));
    }
  }
}
