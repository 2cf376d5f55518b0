package org.fasthebb.tools.derive.algebra;

import java.util.List;

/**
 * How the engine computes an equation.
 *
 * @param steps engine calls, in order
 * @param result the equation's left side
 */
public record Plan(List<Step> steps, Operand result) {
  /** The plan that follows an equation as it is written. */
  public static Plan of(Form form) {
    return new Planner(form).plan();
  }
}
