package org.fasthebb.hebb;

import org.fasthebb.engine.Tensor;

/** Sums over observed patches from which a rule derives its weight change. */
public interface Statistics {
  /**
   * Adds patches x (B, S).
   *
   * @return the neurons' output Y (B, N), as {@link HebbianRule#respond} gives it
   */
  Tensor observe(Tensor x);

  /**
   * Adds what other statistics of the same rule and the same weights have observed, on another
   * shard of the batch, say.
   */
  void merge(Statistics other);

  /** The weight change dW (N, S) for a learning rate of 1; zero if nothing was observed. */
  Tensor delta();
}
