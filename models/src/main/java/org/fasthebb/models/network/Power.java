package org.fasthebb.models.network;

import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.hebb.SoftHebb;

/**
 * x^p, element by element, for x of at least 0.
 *
 * @param p over 0
 */
record Power(String name, float p) implements Stage {
  @Override
  public String describe() {
    return "x^" + p;
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    Tensor y = evaluate(x.value());
    // p x^(p-1) = p y / x, and no gradient where x is 0: there x^(p-1) need not be finite.
    return trace
        .tape()
        .apply(
            x,
            y,
            dy -> dy.times(y).div(x.value().zeroToOne()).timesAssign(p).reluBackward(x.value()));
  }

  @Override
  public Tensor evaluate(Tensor x) {
    return SoftHebb.raised(x, p);
  }
}
