package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;

import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * Oja's subspace rule: every neuron learns the part of the patch that all neurons together do not
 * reconstruct, dW_n = 1/B sum_b y_bn (x_b - sum_m y_bm w_m) with Y = W x. Together the neurons come
 * to span the principal subspace, but unlike in {@link Hpca} a single neuron is no principal
 * component.
 *
 * <p>The fast form is dW = 1/B (Y^T X - (Y^T Y) W), with BNS + BN^2 + N^2 S multiplications, or dW
 * = 1/B Y^T (X - Y W), with 2 BNS, which is less where N is large.
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
    return b * n + n * s <= b * s // multiplications of both forms, less b n s, divided by n
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
