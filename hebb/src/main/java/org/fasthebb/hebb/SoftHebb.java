package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contractInto;

import org.fasthebb.engine.Tensor;

/**
 * SoftHebb (Moraitis et al. 2022, Journé et al. 2023), as in its authors' code.
 *
 * <p>With U = W x, neurons share a patch by the softmax of t U. The winner learns the patch and all
 * others unlearn it: y_bn = softmax_n(t u_bn) for the largest u_bn, and minus that for the others.
 * D_n = 1/B sum_b y_bn (x_b - u_bn w_n) is divided by its largest element in the layer, and each
 * neuron has a learning rate that falls as its norm approaches 1: dW_n = sqrt(||w_n| - 1| + 1e-10)
 * D_n / (max |D| + 1e-30).
 *
 * <p>All neurons that tie for the largest u win. The output is U; the activation {@link #triangle}
 * follows it.
 *
 * @param sharpness t, the inverse of a temperature; at least 0
 */
public record SoftHebb(float sharpness) implements LocalRule {
  /** Checks the sharpness. */
  public SoftHebb {
    if (!(sharpness >= 0)) {
      throw new IllegalArgumentException("sharpness is " + sharpness + "; it must be at least 0");
    }
  }

  @Override
  public Response response() {
    return Response.LINEAR;
  }

  /** z = y, v = U, q = B. */
  @Override
  public Terms terms(Tensor x, Tensor w, Tensor y) {
    Tensor u = contractInto(y, "bs,ns->bn", x, w);
    Tensor sign = KBest.of(u, 1).timesAssign(2).plus(-1);
    Tensor shares = u.softmax(sharpness).timesAssign(sign);
    return new Terms(shares, u, w.backend().empty(1, 1).fill(x.size(0)));
  }

  @Override
  public void step(Mean mean, Tensor w, Tensor target, float eta) {
    Tensor d = w.backend().empty(w.shape()).fill(0);
    mean.addTo(d, 1);
    Tensor largest = d.max().maximumAssign(d.times(-1).max()).plus(1e-30f);
    target.addProduct(d, rates(w).timesAssign(eta).div(largest));
  }

  /** The learning rate of each neuron (N, 1): sqrt(||w| - 1| + 1e-10). */
  public static Tensor rates(Tensor w) {
    return magnitude(w.sumOfSquares(1).sqrt().plus(-1)).plus(1e-10f).sqrt();
  }

  /** |x|, without a square that could underflow or overflow. */
  private static Tensor magnitude(Tensor x) {
    return x.relu().addAssign(x.times(-1).reluAssign());
  }

  /**
   * The activation of SoftHebb's layers: max(0, u - mean of u over neurons)^power.
   *
   * @param u outputs (.., N)
   * @param power over 0
   */
  public static Tensor triangle(Tensor u, float power) {
    if (!(power > 0)) {
      throw new IllegalArgumentException("power is " + power + "; it must be over 0");
    }
    return raised(u.minus(u.sum(-1).timesAssign(1f / u.size(-1))).reluAssign(), power);
  }

  /**
   * x^power, element by element.
   *
   * @param x at least 0
   * @param power over 0
   */
  public static Tensor raised(Tensor x, float power) {
    // x^p = e^(p ln x) where x > 0; reluBackward gives 0 where x is 0, whatever the logarithm
    // gave.
    return power == 1 ? x : x.log().timesAssign(power).exp().reluBackward(x);
  }
}
