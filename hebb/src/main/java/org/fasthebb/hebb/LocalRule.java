package org.fasthebb.hebb;

import org.fasthebb.engine.Tensor;

/**
 * A rule whose neurons learn each on its own: dW_n = 1/q_n sum_b z_bn (x_b - v_bn w_n). Patch b
 * draws neuron n by z_bn, and the neuron gives up v_bn of its own weights for it. Rules differ in
 * z, v and q alone, which they tell by {@link #terms}; the sum is the same for all of them.
 *
 * <p>The fast form is A/q - (p/q) W with A = sum_b z X and p = sum_b z v; {@link Naive} is the
 * equation term by term.
 */
public interface LocalRule extends HebbianRule {
  /**
   * What the equation needs to know of a block of patches.
   *
   * @param z how much each patch draws each neuron (B, N)
   * @param v how much of its weights a neuron gives up (B, N); null if all, v = 1
   * @param q what the sum is divided by, up to these patches' share of it: (1, N), or (1, 1) if the
   *     same for all neurons; a total of 0 counts as 1
   */
  record Terms(Tensor z, Tensor v, Tensor q) {}

  /**
   * The terms of patches.
   *
   * @param x patches (B, S)
   * @param w weights (N, S)
   * @param y receives the output (B, N); gapless
   */
  Terms terms(Tensor x, Tensor w, Tensor y);

  /** The right side of the equation. */
  interface Mean {
    /** target = target + eta mean. */
    void addTo(Tensor target, float eta);
  }

  /** target = target + eta dW, where dW is the mean unless a rule makes something else of it. */
  default void step(Mean mean, Tensor w, Tensor target, float eta) {
    mean.addTo(target, eta);
  }

  @Override
  default Statistics statistics(Tensor w, int patches) {
    return new LocalStatistics(this, w, new FactoredSums(w));
  }
}
