package org.fasthebb.hebb;

import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * The naive form of the subspace rule. It builds the B x N x S tensor of what each neuron adds to
 * the reconstruction; blocks of patches bound its memory. The result equals that of {@link
 * Subspace} up to rounding.
 */
public record NaiveSubspace() implements HebbianRule {
  @Override
  public Response response() {
    return new Subspace().response();
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

  /** Adds sum_b y_bn (x_bs - sum_m y_bm w_ms). */
  private static void addBlock(Tensor y, Tensor x, Tensor w, Tensor sum) {
    int b = x.size(0);
    int n = w.size(0);
    int s = w.size(1);
    Tensor weight = y.copy().reshape(b, n, 1);
    Tensor explained = weight.times(w.reshape(1, n, s)).sum(1); // (b, 1, s) from (b, n, s)
    Tensor learned = x.reshape(b, 1, s).minus(explained).times(weight); // (b, n, s)
    sum.addAssign(learned.reshape(b, n * s).sum(0).reshape(n, s));
  }
}
