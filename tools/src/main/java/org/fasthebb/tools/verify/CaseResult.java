package org.fasthebb.tools.verify;

/**
 * The result of comparing one case of a golden file: tensors that belong together and share a
 * tolerance.
 *
 * @param name the file, the case, and the part of it
 * @param error the largest error of the case's tensors; NaN if it could not be computed
 * @param tolerance the largest error that passes; NaN if nothing was compared
 * @param outcome what came of it
 * @param detail the number of tensors and the worst one, or why there is no error
 */
public record CaseResult(
    String name, double error, double tolerance, Verdict outcome, String detail) {
  /** The verdicts on a case. */
  public enum Verdict {
    /** Every tensor is within the tolerance. */
    OK,
    /** A tensor is outside the tolerance, or should be recomputed but could not be. */
    FAILED,
    /** This program does not recompute these tensors. */
    SKIPPED
  }
}
