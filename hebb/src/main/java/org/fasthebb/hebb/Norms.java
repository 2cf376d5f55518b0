package org.fasthebb.hebb;

import org.fasthebb.engine.Tensor;

/** Euclidean norms, and vectors divided by them. A norm of zero counts as 1, so zero stays zero. */
final class Norms {
  private Norms() {}

  /** Norms of the rows of w (N, S), as (1, N). */
  static Tensor ofNeurons(Tensor w) {
    return w.norms(1).reshape(1, w.size(0));
  }

  /** Norms of the rows of x (B, S), as (B, 1). */
  static Tensor ofPatches(Tensor x) {
    return x.norms(1);
  }

  /** w / |w| (N, S), row by row. */
  static Tensor directions(Tensor w) {
    return w.div(ofNeurons(w).reshape(w.size(0), 1));
  }
}
