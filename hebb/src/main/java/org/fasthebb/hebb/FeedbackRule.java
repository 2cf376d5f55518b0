package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;

import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * A rule in which all neurons share one reconstruction of the patch, which their codes c feed back:
 * dW_n = 1/B sum_b (z_bn x_b - h_bn sum_m c_bm w_m - v_bn w_n). Rules differ only in z, h, c and v,
 * which {@link #feedback} computes; the sum is the same for all of them.
 *
 * <p>The fast form is dW = 1/B (Z^T X - (H^T C) W - ..), with BNS + BN^2 + N^2 S multiplications,
 * or dW = 1/B (Z^T X - H^T (C W) - ..), with 3 BNS, or 2 BNS if Z = H, which is less where N is
 * large. {@link NaiveFeedback} computes the equation term by term.
 */
public interface FeedbackRule extends HebbianRule {
  /**
   * The terms of the equation for a block of patches, each (B, N).
   *
   * @param z how strongly each patch pulls each neuron
   * @param h how strongly the reconstruction pushes each neuron away
   * @param c the codes from which the patch is reconstructed
   * @param v how much a neuron's own weights decay; null for 0 everywhere
   */
  record Feedback(Tensor z, Tensor h, Tensor c, Tensor v) {
    /**
     * The terms of a rule where z, h and c are the same, so that neurons learn what is left over.
     */
    static Feedback ofResidual(Tensor c) {
      return new Feedback(c, c, c, null);
    }

    /** sum = sum - sum_b v_bn w_n. */
    void addDecay(Tensor w, Tensor sum) {
      if (v != null) {
        sum.addProduct(w, v.sum(0).timesAssign(-1).reshape(w.size(0), 1));
      }
    }
  }

  /**
   * Computes the terms of patches.
   *
   * @param x patches (B, S)
   * @param w weights (N, S)
   * @param y receives the output (B, N); gapless
   */
  Feedback feedback(Tensor x, Tensor w, Tensor y);

  @Override
  default Statistics statistics(Tensor w, int patches) {
    long b = patches;
    long n = w.size(0);
    long s = w.size(1);
    return b * n + n * s <= b * s // multiplications of both forms if Z = H, less b n s, over n
        ? new GramStatistics(w, this::feedback, false)
        : new SumStatistics(w, (x, y, sum) -> add(x, y, w, sum));
  }

  /** sum = sum + Z^T X - H^T (C W) - v W. */
  private void add(Tensor x, Tensor y, Tensor w, Tensor sum) {
    try (Scope _ = w.backend().scope()) {
      Feedback terms = feedback(x, w, y);
      Tensor reconstruction = contract("bn,ns->bs", terms.c, w);
      if (terms.z == terms.h) {
        contractAdd(sum, "bn,bs->ns", terms.z, x.minus(reconstruction));
      } else {
        contractAdd(sum, "bn,bs->ns", terms.z, x);
        contractAdd(sum, "bn,bs->ns", terms.h, reconstruction.timesAssign(-1));
      }
      terms.addDecay(w, sum);
    }
  }

  /**
   * The naive form of a rule with feedback. It builds the B x N x S tensor of the terms z_bn x_bs -
   * h_bn sum_m c_bm w_ms - v_bn w_ns and sums it; blocks of patches bound its memory. The result
   * equals that of the fast form up to rounding.
   *
   * @param rule the rule that both forms compute
   */
  record NaiveFeedback(FeedbackRule rule) implements HebbianRule {
    @Override
    public Response response() {
      return rule.response();
    }

    @Override
    public Statistics statistics(Tensor w, int patches) {
      return new SumStatistics(
          w,
          (x, y, sum) -> {
            try (Scope _ = w.backend().scope()) {
              Feedback terms = rule.feedback(x, w, y);
              Blocks.forEach(x, w, (from, to, xb) -> addBlock(terms, from, to, xb, w, sum));
            }
          });
    }

    /** Adds the terms of patches from .. to-1. */
    private static void addBlock(Feedback terms, int from, int to, Tensor x, Tensor w, Tensor sum) {
      int b = x.size(0);
      int n = w.size(0);
      int s = w.size(1);
      Tensor z = terms.z().slice(0, from, to).copy().reshape(b, n, 1);
      Tensor h = terms.h().slice(0, from, to).copy().reshape(b, n, 1);
      Tensor c = terms.c().slice(0, from, to).copy().reshape(b, n, 1);
      Tensor own = w.reshape(1, n, s);
      Tensor reconstruction = c.times(own).sum(1); // (b, 1, s) from (b, n, s)
      Tensor learned = z.times(x.reshape(b, 1, s)); // (b, n, s)
      learned.addAssign(h.times(reconstruction).timesAssign(-1));
      if (terms.v() != null) {
        Tensor v = terms.v().slice(0, from, to).copy().reshape(b, n, 1);
        learned.addAssign(v.times(own).timesAssign(-1));
      }
      sum.addAssign(learned.reshape(b, n * s).sum(0).reshape(n, s));
    }
  }
}
