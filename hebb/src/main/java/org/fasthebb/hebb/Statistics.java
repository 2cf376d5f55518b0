package org.fasthebb.hebb;

import java.util.List;
import org.fasthebb.engine.Tensor;

/** Sums over observed patches from which a rule derives its weight change. */
public interface Statistics {
  /** The weights (N, S) that respond to the patches. */
  Tensor weights();

  /**
   * Adds patches.
   *
   * @param x patches (B, S)
   * @param y receives the neurons' output (B, N), the same as that of {@link HebbianRule#respond}
   *     up to rounding; gapless
   */
  void observe(Tensor x, Tensor y);

  /** Adds patches x (B, S) and returns the neurons' output (B, N). */
  default Tensor observe(Tensor x) {
    Tensor y = x.backend().empty(x.size(0), weights().size(0));
    observe(x, y);
    return y;
  }

  /**
   * Adds the patches that other statistics of the same rule and the same weights have observed, for
   * example on another shard of the batch.
   */
  void merge(Statistics other);

  /**
   * The sums over patches. Adding the sums of another shard of the batch to these, in place and in
   * the same order, gives the statistics of both shards.
   */
  List<Tensor> tensors();

  /**
   * target = target + eta dW, with the weight change dW (N, S). The target may be the weights
   * themselves; these statistics are then no longer valid.
   */
  void addDelta(Tensor target, float eta);

  /** The weight change dW (N, S) for a learning rate of 1; zero if nothing was observed. */
  default Tensor delta() {
    Tensor delta = weights().backend().empty(weights().shape()).fill(0);
    addDelta(delta, 1);
    return delta;
  }
}
