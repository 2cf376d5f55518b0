package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;

import java.util.List;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * Soft winner-takes-all, eq. 1, in the FastHebb form of eq. 6.
 *
 * <p>The softmax of the similarities shares each patch among the neurons, R_bn = exp(s_bn / T) /
 * sum_n exp(s_bn / T), and the patch pulls each neuron towards itself by its share. The paper does
 * not define the similarity; this one is from the authors' code, s = ((1 + cos(x, w)) / 2)^2. The
 * output is max(0, w x / |w|). A zero norm counts as 1.
 *
 * @param temperature T, over 0; the authors use 0.02
 */
public record SoftWta(float temperature) implements LocalRule {
  /** The temperature of the authors' code. */
  public static final float TEMPERATURE = 0.02f;

  /** Soft-WTA with the authors' temperature, 0.02. */
  public SoftWta() {
    this(TEMPERATURE);
  }

  /** Checks the temperature. */
  public SoftWta {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature is " + temperature + "; it must be over 0");
    }
  }

  @Override
  public Response response() {
    return Response.PROJECTED;
  }

  /** w x / |w| (B, N): the length of each patch's projection on each neuron's direction. */
  static Tensor projection(Tensor x, Tensor w) {
    return contract("bs,ns->bn", x, Norms.directions(w));
  }

  /** The similarity s (B, N) of patches x (B, S) and weights w (N, S), from 0 to 1. */
  public static Tensor similarity(Tensor x, Tensor w) {
    return similarityOf(projection(x, w), x);
  }

  private static Tensor similarityOf(Tensor projection, Tensor x) {
    return projection.div(Norms.ofPatches(x)).plus(1).timesAssign(0.5f).square();
  }

  /** The shares R (B, N) of the neurons in each patch, from similarities (B, N). */
  public Tensor share(Tensor similarity) {
    return similarity.softmax(1 / temperature);
  }

  /** Eq. 5: CR = R^2 / q, so that z = R^2, v = 1 and q = sum_b R. */
  @Override
  public Terms terms(Tensor x, Tensor w, Tensor y) {
    contractInto(y, "bs,ns->bn", x, Norms.directions(w));
    Tensor r = share(similarityOf(y, x));
    y.reluAssign();
    return new Terms(r.square(), null, r.sum(0));
  }

  /** Runs all operations between the two matrix products in one pass over y. */
  @Override
  public Statistics statistics(Tensor w, int patches) {
    return new Observed(w);
  }

  /**
   * Updates the weights directly if there are fewer patches than values per patch: storing A would
   * then cost more than computing it.
   */
  @Override
  public void learn(Tensor x, Tensor w, Tensor y, float eta) {
    if (x.size(0) > w.size(1)) {
      LocalRule.super.learn(x, w, y, eta);
      return;
    }
    try (Scope _ = w.backend().scope()) {
      int n = w.size(0);
      Tensor sums = w.backend().empty(2, n).fill(0);
      Tensor r2 = squares(x, w, y, Norms.ofNeurons(w), sums);
      Tensor q = sums.slice(0, 0, 1).zeroToOne();
      Tensor p = sums.slice(0, 1, 2);
      w.timesAssign(p.div(q).timesAssign(-eta).plus(1).reshape(n, 1));
      r2.timesAssign(w.backend().empty(1, 1).fill(eta).div(q));
      contractAdd(w, "bn,bs->ns", r2, x);
    }
  }

  /**
   * Returns R^2 (B, N), writes the output into y, and adds the sums of R and of R^2 to {@code sums}
   * (2, N).
   */
  private Tensor squares(Tensor x, Tensor w, Tensor y, Tensor neuronNorms, Tensor sums) {
    contractInto(y, "bs,ns->bn", x, w);
    Tensor r2 = w.backend().empty(y.shape());
    w.device().compete(y, Norms.ofPatches(x), neuronNorms, 1 / temperature, r2, sums);
    return r2;
  }

  private final class Observed implements Statistics {
    private final Tensor w;
    private final Tensor neuronNorms;
    private final FactoredSums sums;

    Observed(Tensor w) {
      this.w = w;
      neuronNorms = Norms.ofNeurons(w);
      sums = new FactoredSums(w);
    }

    @Override
    public Tensor weights() {
      return w;
    }

    @Override
    public void observe(Tensor x, Tensor y) {
      try (Scope _ = w.backend().scope()) {
        sums.addDrawn(squares(x, w, y, neuronNorms, sums.sums()), x);
      }
    }

    @Override
    public void merge(Statistics other) {
      sums.merge(((Observed) other).sums);
    }

    @Override
    public List<Tensor> tensors() {
      return sums.tensors();
    }

    @Override
    public void addDelta(Tensor target, float eta) {
      sums.addMean(target, eta);
    }
  }
}
