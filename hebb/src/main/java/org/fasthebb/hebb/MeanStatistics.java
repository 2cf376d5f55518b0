package org.fasthebb.hebb;

import org.fasthebb.engine.Tensor;

/** Statistics of a rule whose change is a mean over patches: dW = 1/B sum_b of something. */
abstract class MeanStatistics implements Statistics {
  private final Tensor w;
  private long patches;

  MeanStatistics(Tensor w) {
    this.w = w;
  }

  /** Adds patches x (B, S), and writes the output (B, N) into y. */
  abstract void add(Tensor x, Tensor y);

  /** Adds sums, maybe of a shard that chose another form. */
  abstract void add(MeanStatistics other);

  /** The sum (N, S) over b. */
  abstract Tensor sum();

  @Override
  public final Tensor weights() {
    return w;
  }

  @Override
  public final void observe(Tensor x, Tensor y) {
    add(x, y);
    patches += x.size(0);
  }

  @Override
  public final void merge(Statistics other) {
    MeanStatistics observed = (MeanStatistics) other;
    add(observed);
    patches += observed.patches;
  }

  @Override
  public final void addDelta(Tensor target, float eta) {
    target.addProduct(sum(), w.backend().empty(1, 1).fill(eta / Math.max(1, patches)));
  }
}
