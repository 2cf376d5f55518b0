package org.fasthebb.hebb;

import org.fasthebb.engine.Tensor;

/** How neurons respond to patches, and how their weights change because of them. */
public interface HebbianRule {
  /** What the neurons answer to a patch, before and while they learn. */
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
   * Statistics of no patches yet, for these weights, which must not change until {@link
   * Statistics#delta} was called.
   *
   * @param w weights (N, S)
   * @param patches how many patches are going to be added, as far as known; guides the choice
   *     between equivalent algorithms and has no other effect
   */
  Statistics statistics(Tensor w, int patches);

  /**
   * One step from patches that are all there: W = W + eta dW. The same as by {@link #statistics} up
   * to rounding, but free to take a shorter way.
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
