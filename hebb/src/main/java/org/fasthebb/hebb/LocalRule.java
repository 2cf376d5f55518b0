package org.fasthebb.hebb;

import org.fasthebb.engine.Tensor;

/**
 * A rule in which the change of a neuron's weights needs no other neuron's weights: dW_n = 1/q_n
 * sum_b z_bn (x_b - v_bn w_n). Patch b pulls neuron n with strength z_bn, and the neuron's own
 * weights decay by v_bn. Rules differ only in z, v and q, which {@link #terms} computes; the sum is
 * the same for all of them.
 *
 * <p>The fast form is A/q - (p/q) W with A = sum_b z X and p = sum_b z v; {@link Naive} computes
 * the equation term by term.
 */
public interface LocalRule extends HebbianRule {
  /**
   * The terms of the equation for a block of patches.
   *
   * @param z how strongly each patch pulls each neuron (B, N)
   * @param v how much a neuron's own weights decay (B, N); null for 1 everywhere
   * @param q these patches' share of the divisor q: (1, N), or (1, 1) if it is the same for all
   *     neurons; a total of 0 counts as 1
   */
  record Terms(Tensor z, Tensor v, Tensor q) {}

  /**
   * Computes the terms of patches.
   *
   * @param x patches (B, S)
   * @param w weights (N, S)
   * @param y receives the output (B, N); gapless
   */
  Terms terms(Tensor x, Tensor w, Tensor y);

  /** The right side of the equation, summed over all observed patches. */
  interface Mean {
    /** target = target + eta mean. */
    void addTo(Tensor target, float eta);
  }

  /**
   * target = target + eta dW. By default dW is the mean; a rule may scale it (see {@link
   * SoftHebb}).
   */
  default void step(Mean mean, Tensor w, Tensor target, float eta) {
    mean.addTo(target, eta);
  }

  @Override
  default Statistics statistics(Tensor w, int patches) {
    return new LocalStatistics(this, w, new FactoredSums(w));
  }
}
