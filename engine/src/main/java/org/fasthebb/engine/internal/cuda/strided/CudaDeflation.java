package org.fasthebb.engine.internal.cuda.strided;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.kernels.Launch;

/**
 * The residual form of HPCA by batched products over blocks i of neurons. What a block reconstructs
 * does not depend on the others, so all blocks reconstruct at once; one pass then subtracts, from
 * block to block, what the earlier ones reconstructed, and all blocks learn from what is left.
 */
public final class CudaDeflation {
  /**
   * Neurons of a block. Too few: much memory for what each block leaves. Too many: large triangles,
   * half of whose work is for zeros.
   */
  private static final int BLOCK = 128;

  /** Most floats of what the blocks leave, 128 MiB; where they need more, they go in groups. */
  private static final int MOST_LEFT = 1 << 25;

  private static final Contraction RECONSTRUCTIONS = Contraction.of("bin,ins->ibs");
  private static final Contraction GRAMS = Contraction.of("bin,bim->inm");
  private static final Contraction TRIANGLES = Contraction.of("inm,ims->ins");
  private static final Contraction UPDATES = Contraction.of("bin,ibs->ins");

  private final Backend backend;
  private final Launch launch;

  public CudaDeflation(Backend backend, Launch launch) {
    this.backend = backend;
    this.launch = launch;
  }

  /**
   * See {@link org.fasthebb.engine.Device#deflate}; the result does not depend on the size of a
   * block, up to rounding.
   */
  public void run(Tensor y, Tensor x, Tensor w, float scale, Tensor target) {
    int n = w.size(0);
    if (x.size(0) == 0 || w.size() == 0) {
      return;
    }
    int whole = n - n % BLOCK;
    int group = Math.clamp(MOST_LEFT / x.size(), 1, Math.ceilDiv(n, BLOCK)) * BLOCK;
    try (Scope _ = backend.scope()) {
      Tensor residual = x.contiguous();
      for (int from = 0; from < whole; from += group) {
        int to = Math.min(whole, from + group);
        residual = blocks(y, residual, w, scale, target, from, to, BLOCK);
      }
      if (whole < n) {
        blocks(y, residual, w, scale, target, whole, n, n - whole);
      }
    }
  }

  /** Takes neurons from .. to-1 in blocks, and returns what they leave of the residual. */
  private Tensor blocks(
      Tensor y,
      Tensor residual,
      Tensor w,
      float scale,
      Tensor target,
      int from,
      int to,
      int block) {
    int b = y.size(0);
    int s = w.size(1);
    int count = (to - from) / block;
    Tensor outputs = y.slice(1, from, to).contiguous().reshape(b, count, block);
    Tensor weights = w.slice(0, from, to).copy().reshape(count, block, s); // target may be w
    Tensor changed = target.slice(0, from, to).reshape(count, block, s);

    Tensor left = backend.empty(count, b, s);
    Tensor rest = backend.empty(b, s);
    int known = to < w.size(0) ? count : count - 1; // nobody reads what the last block leaves
    contract(
        RECONSTRUCTIONS,
        outputs.slice(1, 0, known),
        weights.slice(0, 0, known),
        left.slice(0, 0, known),
        false);
    launch.kernel("residuals").at(residual).at(left).at(rest);
    launch.value(scale).value(known).value(count).value(rest.size()).over(rest.size());

    Tensor minus = backend.empty(outputs.shape());
    backend.device().map(Op.Unary.SCALE, outputs, -scale, minus);
    Tensor grams = backend.empty(count, block, block);
    contract(GRAMS, minus, outputs, grams, false);
    launch.kernel("clear_above_diagonal").at(grams).value(block).value(block);
    launch.value(block * block).value(block).value(1).value(grams.size()).over(grams.size());
    contract(TRIANGLES, grams, weights, changed, true);
    contract(UPDATES, outputs, left, changed, true);
    return rest;
  }

  private void contract(Contraction how, Tensor a, Tensor b, Tensor out, boolean add) {
    backend.device().contract(how, a, b, out, add);
  }
}
