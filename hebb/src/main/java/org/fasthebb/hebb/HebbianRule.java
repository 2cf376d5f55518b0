package org.fasthebb.hebb;

import org.fasthebb.engine.Tensor;

/** How neurons respond to patches, and how their weights change because of them. */
public interface HebbianRule {
  /**
   * The neurons' output.
   *
   * @param x patches (B, S)
   * @param w weights (N, S)
   * @return Y (B, N)
   */
  Tensor respond(Tensor x, Tensor w);

  /**
   * Statistics of no patches yet, for these weights, which must not change until {@link
   * Statistics#delta} was called.
   *
   * @param w weights (N, S)
   * @param patches how many patches are going to be added, as far as known; guides the choice
   *     between equivalent algorithms and has no other effect
   */
  Statistics statistics(Tensor w, int patches);
}
