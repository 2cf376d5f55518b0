package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contractInto;

import org.fasthebb.engine.Tensor;

/**
 * Oja's rule: dW_n = 1/B sum_b y_bn (x_b - y_bn w_n) with Y = W x. Every neuron converges to the
 * first principal component of the patches (about zero, not about their mean), up to its sign, with
 * |w| = 1.
 */
public record Oja() implements LocalRule {
  @Override
  public Response response() {
    return Response.LINEAR;
  }

  /** z = v = Y, q = B. */
  @Override
  public Terms terms(Tensor x, Tensor w, Tensor y) {
    contractInto(y, "bs,ns->bn", x, w);
    return new Terms(y, y, w.backend().empty(1, 1).fill(x.size(0)));
  }
}
