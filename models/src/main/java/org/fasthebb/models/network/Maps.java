package org.fasthebb.models.network;

import org.fasthebb.engine.Variable;

/** Reshapes features (b, F) to maps (b, h, w, c), with F = h w c. */
record Maps(String name, int h, int w, int c) implements Stage {
  @Override
  public String describe() {
    return "features as maps of %sx%s pixels".formatted(h, w);
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    return trace.tape().reshape(x, x.value().size(0), h, w, c);
  }
}
