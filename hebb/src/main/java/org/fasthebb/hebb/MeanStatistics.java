package org.fasthebb.hebb;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Tensor;

/** Statistics of a rule whose change is a mean over patches: dW = 1/B sum_b of something. */
abstract class MeanStatistics implements Statistics {
  private final Tensor w;

  /** B (1, 1), the number of patches added. */
  private final Tensor patches;

  MeanStatistics(Tensor w) {
    this.w = w;
    patches = w.backend().empty(1, 1).fill(0);
  }

  /** Adds patches x (B, S), and writes the output (B, N) into y. */
  abstract void add(Tensor x, Tensor y);

  /** Adds the sums of another shard, which may have chosen another form. */
  abstract void add(MeanStatistics other);

  /** The sums themselves, without the number of patches. */
  abstract List<Tensor> sums();

  /** The sum over b (N, S): B dW. */
  abstract Tensor sum();

  @Override
  public final Tensor weights() {
    return w;
  }

  @Override
  public final void observe(Tensor x, Tensor y) {
    add(x, y);
    patches.assign(patches.plus(x.size(0)));
  }

  @Override
  public final void merge(Statistics other) {
    MeanStatistics observed = (MeanStatistics) other;
    add(observed);
    patches.addAssign(observed.patches);
  }

  @Override
  public final List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>(sums());
    tensors.add(patches);
    return tensors;
  }

  @Override
  public final void addDelta(Tensor target, float eta) {
    Tensor rate = w.backend().empty(1, 1).fill(eta);
    target.addProduct(sum(), rate.div(patches.zeroToOne()));
  }
}
