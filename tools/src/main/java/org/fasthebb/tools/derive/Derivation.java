package org.fasthebb.tools.derive;

import java.util.List;
import org.fasthebb.tools.derive.algebra.Equation;
import org.fasthebb.tools.derive.algebra.Law;

/**
 * A chain of equations, each equal to the one before by a law.
 *
 * @param title what is shown
 * @param start the first equation
 * @param label where the first equation stands in the paper
 * @param moves the laws, in order
 */
public record Derivation(String title, Equation start, String label, List<Move> moves) {
  /**
   * One law, applied.
   *
   * @param law the law
   * @param label where the equation after it stands in the paper; empty if it does not
   * @param note one sentence on what is gained or prepared
   */
  public record Move(Law law, String label, String note) {}
}
