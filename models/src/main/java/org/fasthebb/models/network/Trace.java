package org.fasthebb.models.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/** A walk through stages on a tape: what they have written down for each other and for backprop. */
public final class Trace {
  private final Tape tape;
  private final boolean training;
  private final Map<String, Variable> parameters = new LinkedHashMap<>();
  private final Map<String, Variable> pooled = new LinkedHashMap<>();

  private Trace(Tape tape, boolean training) {
    this.tape = tape;
    this.training = training;
  }

  /** For a training step: batch norms use the batch's statistics, parameters get gradients. */
  public static Trace training(Tape tape) {
    return new Trace(tape, true);
  }

  /** Without gradients, by running statistics. */
  public static Trace evaluation() {
    return new Trace(new Tape(), false);
  }

  /** What operations are recorded on. */
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

  /** What each max-pooling gave, by its name. */
  public Map<String, Variable> pooled() {
    return pooled;
  }
}
