package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contractInto;

import org.fasthebb.engine.Tensor;

/**
 * Hard winner-takes-all, and k-winners-take-all. Each of the k neurons most similar to a patch wins
 * it completely, R_bn = 1, and moves towards the mean of the patches it won: dW_n = 1/q_n sum_b
 * R_bn (x_b - w_n), q_n = sum_b R_bn. This is eq. 1 with R replaced by 0 or 1, as in the authors'
 * code.
 *
 * <p>Neurons that tie with the k-th win too, so all neurons win a zero patch. The weights of a
 * neuron that wins nothing do not change. Similarity is the cosine, and a zero norm counts as 1.
 *
 * @param winners k, at least 1
 * @param response the output: max(0, w x / |w|), as with {@link SoftWta}, or the same with its sign
 */
public record HardWta(int winners, Response response) implements LocalRule {
  /** A rule with a single winner per patch, whose output is rectified. */
  public HardWta() {
    this(1);
  }

  /** A rule whose output is rectified. */
  public HardWta(int winners) {
    this(winners, Response.PROJECTED);
  }

  /** Checks the number of winners and the response. */
  public HardWta {
    if (winners < 1) {
      throw new IllegalArgumentException(
          "the number of winners is " + winners + "; it must be at least 1");
    }
    if (response != Response.PROJECTED && response != Response.SIGNED) {
      throw new IllegalArgumentException(
          "the response is "
              + response
              + "; neurons that compete by cosines give PROJECTED or SIGNED");
    }
  }

  /**
   * z = R, v = 1. Projections w x / |w| rank like cosines, since |x| is the same for all neurons.
   */
  @Override
  public Terms terms(Tensor x, Tensor w, Tensor y) {
    contractInto(y, "bs,ns->bn", x, Norms.directions(w));
    Tensor r = KBest.of(y, winners);
    if (response.isRectified()) {
      y.reluAssign();
    }
    return new Terms(r, null, r.sum(0));
  }
}
