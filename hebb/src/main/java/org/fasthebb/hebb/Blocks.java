package org.fasthebb.hebb;

import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/** Cuts patches into blocks small enough for a b x n x s tensor each. */
final class Blocks {
  /** The most elements of one b x n x s tensor: 16 Mi floats, 64 MB. */
  private static final long MOST = 1 << 24;

  private Blocks() {}

  interface BlockBody {
    /** Handles the patches from .. to-1, which are copied to a gapless xb (to-from, S). */
    void run(int from, int to, Tensor xb);
  }

  static void forEach(Tensor x, Tensor w, BlockBody body) {
    Tensor gathered = x.contiguous();
    int step = (int) Math.max(1, MOST / Math.max(1, w.size()));
    for (int from = 0; from < x.size(0); from += step) {
      int to = Math.min(x.size(0), from + step);
      try (Scope _ = w.backend().scope()) {
        body.run(from, to, gathered.slice(0, from, to));
      }
    }
  }
}
