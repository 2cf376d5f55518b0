package org.fasthebb.hebb;

import java.util.List;
import org.fasthebb.engine.Tensor;

/**
 * The naive form of a local rule. It builds the B x N x S tensor of the terms z_bn (x_bs - v_bn
 * w_ns), for soft-WTA that of eq. 5, and sums it; blocks of patches bound its memory. The result
 * equals that of the fast form up to rounding, but takes O(BNS) element operations instead of one
 * matrix product.
 *
 * @param rule the rule that both forms compute
 */
public record Naive(LocalRule rule) implements HebbianRule {
  @Override
  public Response response() {
    return rule.response();
  }

  @Override
  public Statistics statistics(Tensor w, int patches) {
    return new LocalStatistics(rule, w, new NaiveSums(w));
  }

  private static final class NaiveSums implements LocalStatistics.LocalSums {
    private final Tensor w;
    private final Tensor sum;
    private final Tensor q;

    NaiveSums(Tensor w) {
      this.w = w;
      sum = w.backend().empty(w.shape()).fill(0);
      q = w.backend().empty(1, w.size(0)).fill(0);
    }

    @Override
    public void add(LocalRule.Terms terms, Tensor x) {
      Tensor z = terms.z();
      Tensor v = terms.v();
      Blocks.forEach(
          x,
          w,
          (from, to, xb) ->
              addBlock(z.slice(0, from, to), v == null ? null : v.slice(0, from, to), xb));
      q.addAssign(terms.q());
    }

    /** Adds sum_b z_bn (x_bs - v_bn w_ns); the division by q comes at the end. */
    private void addBlock(Tensor z, Tensor v, Tensor x) {
      int b = x.size(0);
      int n = w.size(0);
      int s = w.size(1);
      Tensor own = w.reshape(1, n, s);
      Tensor kept = v == null ? own : own.times(v.reshape(b, n, 1));
      Tensor difference = x.reshape(b, 1, s).minus(kept); // (b, n, s)
      difference.timesAssign(z.reshape(b, n, 1));
      sum.addAssign(difference.reshape(b, n * s).sum(0).reshape(n, s));
    }

    @Override
    public List<Tensor> tensors() {
      return List.of(sum, q);
    }

    @Override
    public void merge(LocalStatistics.LocalSums others) {
      NaiveSums other = (NaiveSums) others;
      sum.addAssign(other.sum);
      q.addAssign(other.q);
    }

    @Override
    public void addMean(Tensor target, float eta) {
      Tensor rate = w.backend().empty(1, 1).fill(eta);
      target.addProduct(sum, rate.div(q.zeroToOne().reshape(w.size(0), 1)));
    }
  }
}
