package org.fasthebb.models.learn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/**
 * Adam (Kingma and Ba, 2015) on named parameters: m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2,
 * and w = w - rate (m / c1) / (sqrt(v / c2) + 1e-8), where b1 = 0.9 and b2 = 0.999.
 *
 * <p>The bias corrections c = 1 - b^t are computed as the same running means of ones.
 */
final class Adam {
  private static final float FIRST = 0.9f;
  private static final float SECOND = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final Map<String, Tensor> parameters;
  private final Map<String, Tensor> means = new LinkedHashMap<>();
  private final Map<String, Tensor> squares = new LinkedHashMap<>();
  private final Tensor one;
  private final Tensor meanOfOnes;
  private final Tensor squareOfOnes;

  /** An optimiser whose running means are zero. */
  Adam(Backend backend, Map<String, Tensor> parameters) {
    this.parameters = parameters;
    parameters.forEach((name, w) -> {
      means.put(name, backend.zeros(w.shape()));
      squares.put(name, backend.zeros(w.shape()));
    });
    one = backend.zeros(1).fill(1);
    meanOfOnes = backend.zeros(1);
    squareOfOnes = backend.zeros(1);
  }

  /** The state, named mean.NAME and square.NAME for each parameter and for "ones". */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    means.forEach((name, m) -> named.put("mean." + name, m));
    squares.forEach((name, v) -> named.put("square." + name, v));
    named.put("mean.ones", meanOfOnes);
    named.put("square.ones", squareOfOnes);
    return named;
  }

  /**
   * Steps every parameter.
   *
   * @param leaves variables with the gradients, by the parameters' names
   */
  void step(Map<String, Variable> leaves, float rate) {
    Tensor c1 = average(meanOfOnes, FIRST, one);
    Tensor c2 = average(squareOfOnes, SECOND, one);
    parameters.forEach((name, w) -> {
      Tensor g = leaves.get(name).gradient();
      Tensor m = average(means.get(name), FIRST, g);
      Tensor v = average(squares.get(name), SECOND, g.square());
      Tensor deviation = v.div(c2).sqrt().plus(EPSILON);
      w.addAssign(m.div(c1).div(deviation).timesAssign(-rate));
    });
  }

  /** mean = decay mean + (1 - decay) x. */
  private static Tensor average(Tensor mean, float decay, Tensor x) {
    return mean.timesAssign(decay).addAssign(x.times(1 - decay));
  }
}
