package org.fasthebb.models.network;

import java.util.Map;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/**
 * One stage of a network, such as a convolution or a pooling. {@link #trace} defines it; the other
 * walks default to it, or to nothing, and a stage overrides what it can do in a shorter way.
 */
public interface Stage {
  /** Unique in its network, such as conv1. Names of its tensors begin with it. */
  String name();

  /** What it is, in a few words for people. */
  String describe();

  /**
   * The output on a tape, for backprop.
   *
   * @param x images (b, h, w, c), or features (b, F)
   */
  Variable trace(Trace trace, Variable x);

  /** The output, by running statistics. */
  default Tensor evaluate(Tensor x) {
    Trace trace = Trace.evaluation();
    return trace(trace, trace.tape().constant(x)).value();
  }

  /**
   * The output of the weights as they are, after which they take a step of Hebbian learning.
   *
   * @param eta learning rate
   * @param reducer adds the sums of other shards of the batch
   */
  default Tensor learn(Tensor x, float eta, Reducer reducer) {
    return evaluate(x);
  }

  /** What backprop trains, by name. */
  default Map<String, Tensor> parameters() {
    return Map.of();
  }

  /** What training changes besides, by name. */
  default Map<String, Tensor> statistics() {
    return Map.of();
  }
}
