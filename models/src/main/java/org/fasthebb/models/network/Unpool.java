package org.fasthebb.models.network;

import org.fasthebb.engine.Variable;

/**
 * Undoes a {@link MaxPool} of the same walk: puts each value where the maximum of its window was,
 * and 0 elsewhere.
 *
 * @param pool name of that pooling
 */
record Unpool(String name, String pool) implements Stage {
  @Override
  public String describe() {
    return "values back to the maxima of " + pool;
  }

  @Override
  public Variable trace(Trace trace, Variable x) {
    return trace.tape().maxUnpool(x, trace.outputs().get(pool));
  }
}
