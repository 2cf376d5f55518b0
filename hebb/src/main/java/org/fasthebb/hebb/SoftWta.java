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
 * <p>Each patch is shared out among the neurons by the softmax of their similarities to it, R_bn =
 * exp(s_bn / T) / sum_n exp(s_bn / T), and draws them towards itself. The similarity, which the
 * paper leaves open, is the authors' squared raised cosine: s = ((1 + cos(x, w)) / 2)^2. The output
 * is max(0, w x / |w|). A zero norm counts as 1.
 *
 * @param temperature T, over 0; the authors use 0.02
 */
public record SoftWta(float temperature) implements LocalRule {
  /** The temperature of the authors' code. */
  public static final float TEMPERATURE = 0.02f;

  /** With the authors' temperature. */
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

  /** w x / |w| (B, N): how far each patch reaches along each neuron's direction. */
  static Tensor projection(Tensor x, Tensor w) {
    return contract("bs,ns->bn", x, Norms.directions(w));
  }

  /** s (B, N): how alike patches x (B, S) and weights w (N, S) are, from 0 to 1. */
  public static Tensor similarity(Tensor x, Tensor w) {
    return similarityOf(projection(x, w), x);
  }

  private static Tensor similarityOf(Tensor projection, Tensor x) {
    return projection.div(Norms.ofPatches(x)).plus(1).timesAssign(0.5f).square();
  }

  /** R (B, N) from similarities (B, N): how the neurons share each patch. */
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

  /** Between the two products, one pass over y instead of one for each operation. */
  @Override
  public Statistics statistics(Tensor w, int patches) {
    return new Observed(w);
  }

  /** Where patches are fewer than their values, A would be larger than what it is made of. */
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

  /** R^2 (B, N), and the output in y; sums of R and of R^2 are added to {@code sums} (2, N). */
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
