package org.fasthebb.hebb;

import org.fasthebb.engine.Tensor;

/** How neurons respond to patches, and how their weights change because of them. */
public interface HebbianRule {
  /** The function from patches to outputs, the same in training and in evaluation. */
  Response response();

  /**
   * The neurons' output.
   *
   * @param x patches (B, S)
   * @param w weights (N, S)
   * @return Y (B, N)
   */
  default Tensor respond(Tensor x, Tensor w) {
    return response().of(x, w);
  }

  /**
   * New statistics, without patches, for these weights. The weights must not change until {@link
   * Statistics#delta} or {@link Statistics#addDelta} has been called.
   *
   * @param w weights (N, S)
   * @param patches the expected number of patches; it only guides the choice between equivalent
   *     algorithms
   */
  Statistics statistics(Tensor w, int patches);

  /**
   * Takes one step, W = W + eta dW, from one block of patches. The result equals that of {@link
   * #statistics} up to rounding, but a rule may compute it in a shorter way.
   *
   * @param x patches (B, S)
   * @param w weights (N, S)
   * @param y receives the output (B, N) of the weights before the step; gapless
   */
  default void learn(Tensor x, Tensor w, Tensor y, float eta) {
    Statistics statistics = statistics(w, x.size(0));
    statistics.observe(x, y);
    statistics.addDelta(w, eta);
  }
}
