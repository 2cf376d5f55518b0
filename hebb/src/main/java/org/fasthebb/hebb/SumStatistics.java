package org.fasthebb.hebb;

import java.util.List;
import org.fasthebb.engine.Tensor;

/** Statistics that keep the sum over patches (N, S) itself. */
final class SumStatistics extends MeanStatistics {
  /** Computes what patches add to the sum. */
  interface Addition {
    /**
     * Adds to the sum.
     *
     * @param x patches (B, S)
     * @param y receives the output (B, N)
     * @param sum (N, S)
     */
    void add(Tensor x, Tensor y, Tensor sum);
  }

  private final Addition addition;
  private final Tensor sum;

  SumStatistics(Tensor w, Addition addition) {
    super(w);
    this.addition = addition;
    sum = w.backend().empty(w.shape()).fill(0);
  }

  @Override
  void add(Tensor x, Tensor y) {
    addition.add(x, y, sum);
  }

  @Override
  void add(MeanStatistics other) {
    sum.addAssign(other.sum());
  }

  @Override
  List<Tensor> sums() {
    return List.of(sum);
  }

  @Override
  Tensor sum() {
    return sum;
  }
}
