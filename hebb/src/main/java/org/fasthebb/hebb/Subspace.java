package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;

import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * Oja's subspace rule: every neuron learns what all of them together leave of the patch, dW_n = 1/B
 * sum_b y_bn (x_b - sum_m y_bm w_m) with Y = W x. The neurons come to span the principal subspace,
 * without one being one component as in {@link Hpca}.
 *
 * <p>The fast form is dW = 1/B (Y^T X - (Y^T Y) W), at BNS + BN^2 + N^2 S multiplications, or, with
 * less work where N is large, dW = 1/B Y^T (X - Y W), at 2 BNS.
 */
public record Subspace() implements HebbianRule {
  @Override
  public Response response() {
    return Response.LINEAR;
  }

  @Override
  public Statistics statistics(Tensor w, int patches) {
    long b = patches;
    long n = w.size(0);
    long s = w.size(1);
    return b * n + n * s <= b * s // each times n, and b n s besides
        ? new GramStatistics(w, _ -> {}, false)
        : new SumStatistics(w, (x, y, sum) -> addLeft(x, y, w, sum));
  }

  /** sum = sum + Y^T (X - Y W). */
  private static void addLeft(Tensor x, Tensor y, Tensor w, Tensor sum) {
    try (Scope _ = w.backend().scope()) {
      contractInto(y, "bs,ns->bn", x, w);
      Tensor left = x.minus(contract("bn,ns->bs", y, w));
      contractAdd(sum, "bn,bs->ns", y, left);
    }
  }
}
