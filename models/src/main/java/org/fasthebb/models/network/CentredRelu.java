package org.fasthebb.models.network;

import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.hebb.SoftHebb;

/** max(0, u - mean of u over channels): SoftHebb's triangle of power 1. */
record CentredRelu(String name) implements Stage {
  @Override
  public String describe() {
    return "max(0, u - mean of channels)";
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    Tensor y = evaluate(x.value());
    float share = 1f / y.size(-1);
    return trace
        .tape()
        .apply(
            x,
            y,
            dy -> {
              Tensor d = dy.reluBackward(y);
              return d.minus(d.sum(-1).timesAssign(share));
            });
  }

  @Override
  public Tensor evaluate(Tensor x) {
    return SoftHebb.triangle(x, 1);
  }
}
