package org.fasthebb.tools.derive.algebra;

/**
 * A named part of an equation: Q_n = Σ_b CR_bn.
 *
 * @param target the name, with an index for each free index of the value
 * @param value what it is
 * @param kind how it is had
 */
public record Definition(Expr.Named target, Expr value, Kind kind) {
  /** How the values of a definition are had. */
  public enum Kind {
    /** Each is computed. */
    COMPUTED,
    /** Each block's is that of the block before, minus what that block adds to the sum. */
    RUNNING,
    /** It is another tensor seen through other indices; nothing is stored. */
    VIEW
  }
}
