package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contractInto;

import org.fasthebb.engine.Tensor;

/**
 * Oja's subspace rule: every neuron learns the part of the patch that all neurons together do not
 * reconstruct, dW_n = 1/B sum_b y_bn (x_b - sum_m y_bm w_m) with Y = W x. Together the neurons come
 * to span the principal subspace, but unlike in {@link Hpca} a single neuron is no principal
 * component.
 */
public record Subspace() implements FeedbackRule {
  @Override
  public Response response() {
    return Response.LINEAR;
  }

  /** z = h = c = Y. */
  @Override
  public Feedback feedback(Tensor x, Tensor w, Tensor y) {
    return Feedback.ofResidual(contractInto(y, "bs,ns->bn", x, w));
  }
}
