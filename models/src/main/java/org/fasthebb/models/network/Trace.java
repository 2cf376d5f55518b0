package org.fasthebb.models.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/**
 * The record of one walk through stages on a tape: the parameters met, for backprop, and the
 * outputs of stages, which unpooling needs.
 */
public final class Trace {
  private final Tape tape;
  private final boolean training;
  private final Map<String, Variable> parameters = new LinkedHashMap<>();
  private final Map<String, Variable> outputs = new LinkedHashMap<>();

  private Trace(Tape tape, boolean training) {
    this.tape = tape;
    this.training = training;
  }

  /** A trace for training: batch norms use the batch's statistics, and parameters get gradients. */
  public static Trace training(Tape tape) {
    return new Trace(tape, true);
  }

  /** A trace for evaluation: batch norms use running statistics, and there are no gradients. */
  public static Trace evaluation() {
    return new Trace(new Tape(), false);
  }

  /** The tape that operations are recorded on. */
  public Tape tape() {
    return tape;
  }

  /** Whether batch norms use the batch's own statistics. */
  boolean isTraining() {
    return training;
  }

  /** A parameter as a variable; it gets a gradient if this is a training step. */
  public Variable parameter(String name, Tensor tensor) {
    Variable leaf = training ? tape.parameter(tensor) : tape.constant(tensor);
    parameters.put(name, leaf);
    return leaf;
  }

  /** The parameters met so far, by name. */
  public Map<String, Variable> parameters() {
    return parameters;
  }

  /** The output of each stage so far, by its name. */
  public Map<String, Variable> outputs() {
    return outputs;
  }
}
