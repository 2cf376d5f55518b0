package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;

import org.fasthebb.engine.Tensor;

/**
 * Sparse coding (Olshausen and Field 1996): few neurons at a time reconstruct a patch, each with a
 * code of at least 0, and learn what they have not reconstructed.
 *
 * <p>Codes A (B, N) minimise, for the current weights, the sum over patches of
 *
 * <pre>E_b = 1/2 |x_b - sum_m a_bm w_m|^2 + lambda sum_m a_bm (1 + |w_m|^2) / 2,</pre>
 *
 * <p>and the weights then follow the gradient of the mean of E,
 *
 * <pre>dW_n = 1/B sum_b a_bn (x_b - sum_m a_bm w_m - lambda w_n).</pre>
 *
 * <p>Olshausen and Field's penalty, lambda sum_m a_m, favours long weights with small codes, so
 * they rescale weights after each step. Here (1 + |w|^2) / 2 stands in it: for the same product of
 * code and weights it is least at |w| = 1, so norms approach 1 without rescaling.
 *
 * <p>Codes come from proximal gradient steps, a = max(0, a + (W x - t - W W^T a) / L), from a = 0,
 * with t_n = lambda (1 + |w_n|^2) / 2 and L_n = sum_m |w_n w_m|, for which E never grows. This is
 * the thresholded competition of Rozell et al. (2008), where similar neurons inhibit each other, in
 * discrete time. The output is max(0, W x), the input of this competition.
 *
 * @param sparsity lambda, over 0, in units of the output: the larger, the fewer neurons are active
 */
public record SparseCoding(float sparsity) implements FeedbackRule {
  /**
   * Lambda for whitened images: of the small network's first layer, 14 % of the neurons are then
   * active, and 44 % of its second. A larger one silences the first layer, whose inputs are weaker.
   */
  public static final float SPARSITY = 0.5f;

  /** Proximal gradient steps per patch: fewer leave neurons active that explain the same. */
  static final int STEPS = 20;

  /** Sparse coding with the default sparsity. */
  public SparseCoding() {
    this(SPARSITY);
  }

  /** Checks the sparsity. */
  public SparseCoding {
    if (!(sparsity > 0 && sparsity < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "sparsity is " + sparsity + "; it must be over 0 and finite");
    }
  }

  @Override
  public Response response() {
    return Response.RECTIFIED;
  }

  /** z = h = c = A, v = lambda A. */
  @Override
  public Feedback feedback(Tensor x, Tensor w, Tensor y) {
    contractInto(y, "bs,ns->bn", x, w);
    Tensor codes = codesOf(y, w);
    y.reluAssign();
    return new Feedback(codes, codes, codes, codes.times(sparsity));
  }

  /** The codes A (B, N) of patches x (B, S) for weights w (N, S). */
  public Tensor codes(Tensor x, Tensor w) {
    return codesOf(contract("bs,ns->bn", x, w), w);
  }

  private Tensor codesOf(Tensor products, Tensor w) {
    int n = w.size(0);
    Tensor inhibition = contract("ns,ms->nm", w, w);
    Tensor magnitudes = inhibition.relu().addAssign(inhibition.times(-1).reluAssign());
    Tensor bound = magnitudes.sum(0).zeroToOne(); // L (1, N)
    Tensor threshold =
        w.sumOfSquares(1).reshape(1, n).plus(1).timesAssign(sparsity / 2); // t (1, N)
    Tensor drive = products.minus(threshold).div(bound);
    Tensor kept = inhibition.div(bound).timesAssign(-1); // column n is divided by L_n
    Tensor codes = drive.relu();
    for (int step = 1; step < STEPS; step++) {
      Tensor next = codes.plus(drive);
      codes = contractAdd(next, "bm,mn->bn", codes, kept).reluAssign();
    }
    return codes;
  }
}
