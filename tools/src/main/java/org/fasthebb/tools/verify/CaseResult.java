package org.fasthebb.tools.verify;

/**
 * How one case of a golden file compares: some tensors that belong together, under one tolerance.
 *
 * @param name the file, the case, and what of it
 * @param error the largest error of the case's tensors; NaN if there is none to speak of
 * @param tolerance the largest error that passes; NaN if nothing was compared
 * @param outcome what came of it
 * @param detail how many tensors, which is worst, or why there is no error
 */
public record CaseResult(
    String name, double error, double tolerance, Verdict outcome, String detail) {
  /** What can come of a case. */
  public enum Verdict {
    /** Every tensor is within the tolerance. */
    OK,
    /** A tensor is not, or cannot be recomputed though it should. */
    FAILED,
    /** Nothing here recomputes these tensors. */
    SKIPPED
  }
}
