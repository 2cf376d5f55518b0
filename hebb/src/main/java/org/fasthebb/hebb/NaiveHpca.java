package org.fasthebb.hebb;

import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * The naive form of HPCA, eq. 7. It builds the B x N x S tensor E of each neuron's residual; blocks
 * of patches bound its memory. The result equals that of {@link Hpca} up to rounding.
 */
public record NaiveHpca() implements HebbianRule {
  @Override
  public Response response() {
    return new Hpca().response();
  }

  @Override
  public Statistics statistics(Tensor w, int patches) {
    return new SumStatistics(
        w,
        (x, y, sum) -> {
          try (Scope _ = w.backend().scope()) {
            y.assign(respond(x, w));
            Blocks.forEach(x, w, (from, to, xb) -> addBlock(y.slice(0, from, to), xb, w, sum));
          }
        });
  }

  /** Adds eq. 7, sum_b Y_bn E_bns with E_bns = X_bs - sum_m L_nm Y_bm W_ms, neuron by neuron. */
  private static void addBlock(Tensor y, Tensor x, Tensor w, Tensor sum) {
    int b = x.size(0);
    int n = w.size(0);
    int s = w.size(1);
    Tensor weight = y.copy().reshape(b, n, 1);
    Tensor e = weight.times(w.reshape(1, n, s)).timesAssign(-1); // (b, n, s)
    Tensor unexplained = x.reshape(b, 1, s);
    for (int i = 0; i < n; i++) {
      unexplained = e.slice(1, i, i + 1).addAssign(unexplained);
    }
    sum.addAssign(e.timesAssign(weight).reshape(b, n * s).sum(0).reshape(n, s));
  }
}
