package org.fasthebb.hebb;

import java.util.List;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/** The statistics of a local rule. The sums are kept in the fast or in the naive form. */
final class LocalStatistics implements Statistics {
  /** Sums over patches. */
  interface LocalSums {
    void add(LocalRule.Terms terms, Tensor x);

    /** The sums themselves. */
    List<Tensor> tensors();

    /** Adds sums of the same kind. */
    void merge(LocalSums other);

    /** target = target + eta 1/q_n sum_b z_bn (x_b - v_bn w_n). */
    void addMean(Tensor target, float eta);
  }

  private final LocalRule rule;
  private final Tensor w;
  private final LocalSums sums;

  LocalStatistics(LocalRule rule, Tensor w, LocalSums sums) {
    this.rule = rule;
    this.w = w;
    this.sums = sums;
  }

  @Override
  public Tensor weights() {
    return w;
  }

  @Override
  public void observe(Tensor x, Tensor y) {
    try (Scope _ = w.backend().scope()) {
      sums.add(rule.terms(x, w, y), x);
    }
  }

  @Override
  public void merge(Statistics other) {
    sums.merge(((LocalStatistics) other).sums);
  }

  @Override
  public List<Tensor> tensors() {
    return sums.tensors();
  }

  @Override
  public void addDelta(Tensor target, float eta) {
    rule.step(sums::addMean, w, target, eta);
  }
}
