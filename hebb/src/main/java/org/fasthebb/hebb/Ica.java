package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contractInto;

import org.fasthebb.engine.Tensor;

/**
 * Independent component analysis: each neuron comes to respond to one of the independent sources
 * that white patches are mixed of, provided that sources are sparse (super-Gaussian), as those of
 * natural images are.
 *
 * <p>With Y = W x and g(y) = 2y - tanh(y),
 *
 * <pre>dW_n = 1/B sum_b ( g(y_bn) x_b - y_bn sum_m g(y_bm) w_m ).</pre>
 *
 * <p>Derivation. Among white outputs, those of sparse sources have the least E log cosh(y). Its
 * gradient E tanh(y_n) x is the nonlinear Hebbian term of Hyvärinen and Oja (1998, Signal
 * Processing 64). The weights must stay orthonormal, W W^T = I. So the gradient is projected on the
 * directions that keep them so, dW = -(E[tanh(y) x^T] - E[y tanh(y)^T] W), and twice Oja's subspace
 * rule, E[y x^T] - E[y y^T] W, which is (I - W W^T) W for white x, pulls them back. Once would not
 * do: there tanh(y) x, which is nearly y x for short weights, would cancel their growth. The sum of
 * both is the equation above. If W is square and orthonormal, then x = sum_m y_m w_m, and the
 * projected gradient is that of Cardoso and Laheld's rule EASI (1996, IEEE Transactions on Signal
 * Processing 44), dW = (y tanh(y)^T - tanh(y) y^T) W. Unlike EASI and Amari's natural gradient, the
 * rule uses x itself, so fewer neurons than values of a patch can leave the space that their first
 * weights span.
 *
 * <p>What is subtracted carries the factor y_bn of its neuron. In the authors' code it does not: it
 * is the same vector for all neurons, which then do not separate anything.
 */
public record Ica() implements FeedbackRule {
  @Override
  public Response response() {
    return Response.LINEAR;
  }

  /** z = c = g(Y), h = Y. */
  @Override
  public Feedback feedback(Tensor x, Tensor w, Tensor y) {
    contractInto(y, "bs,ns->bn", x, w);
    Tensor g = y.times(2).minus(tanh(y));
    return new Feedback(g, y, g, null);
  }

  /** tanh(y) = 1 - 2 / (e^2y + 1), which is -1 or 1 where the exponential is 0 or overflows. */
  private static Tensor tanh(Tensor y) {
    Tensor two = y.backend().empty(1, 1).fill(2);
    return two.div(y.times(2).exp().plus(1)).timesAssign(-1).plus(1);
  }
}
