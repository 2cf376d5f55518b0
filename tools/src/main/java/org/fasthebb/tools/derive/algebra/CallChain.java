package org.fasthebb.tools.derive.algebra;

import java.util.List;

/**
 * How the engine computes an equation.
 *
 * @param steps engine calls, in order
 * @param result the equation's left side
 */
public record CallChain(List<EngineCall> steps, Operand result) {
  /** The plan that follows an equation as it is written. */
  public static CallChain of(Equation form) {
    return new Planner(form).plan();
  }
}
