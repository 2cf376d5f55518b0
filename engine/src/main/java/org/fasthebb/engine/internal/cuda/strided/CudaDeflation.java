package org.fasthebb.engine.internal.cuda.strided;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.kernels.Launch;

/**
 * The residual form of HPCA by products of whole blocks of neurons: one batched product for the
 * triangles of all blocks, and two products with the residual for each block.
 */
public final class CudaDeflation {
  /**
   * Neurons of a block. Too few: many products, one after the other. Too many: large triangles,
   * half of whose work is for zeros.
   */
  private static final int BLOCK = 256;

  private static final Contraction GRAMS = Contraction.of("bin,bim->inm");
  private static final Contraction TRIANGLES = Contraction.of("inm,ims->ins");
  private static final Contraction UPDATE = Contraction.of("bn,bs->ns");
  private static final Contraction RECONSTRUCTION = Contraction.of("bn,ns->bs");

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
    try (Scope _ = backend.scope()) {
      Tensor residual = x.copy();
      blocks(y, residual, w, scale, target, 0, whole, BLOCK);
      blocks(y, residual, w, scale, target, whole, n, n - whole);
    }
  }

  /** Takes the residual through neurons from .. to-1, {@code block} at a time. */
  private void blocks(
      Tensor y,
      Tensor residual,
      Tensor w,
      float scale,
      Tensor target,
      int from,
      int to,
      int block) {
    if (from == to) {
      return;
    }
    int b = y.size(0);
    int s = w.size(1);
    int n = to - from;
    int count = n / block;
    Tensor outputs = scaled(y.slice(1, from, to), scale);
    Tensor minus = scaled(y.slice(1, from, to), -1);
    Tensor weights = w.slice(0, from, to).copy(); // the target may be w itself
    Tensor changed = target.slice(0, from, to);

    Tensor grams = backend.empty(count, block, block);
    int[] inBlocks = {b, count, block};
    backend
        .device()
        .contract(GRAMS, outputs.reshape(inBlocks), minus.reshape(inBlocks), grams, false);
    launch.kernel("clear_above_diagonal").at(grams).value(block).value(block);
    launch.value(block * block).value(block).value(1).value(grams.size()).over(grams.size());
    Tensor weightsInBlocks = weights.reshape(count, block, s);
    backend
        .device()
        .contract(TRIANGLES, grams, weightsInBlocks, changed.reshape(count, block, s), true);

    for (int i = 0; i < n; i += block) {
      Tensor outputsOfBlock = outputs.slice(1, i, i + block);
      backend
          .device()
          .contract(UPDATE, outputsOfBlock, residual, changed.slice(0, i, i + block), true);
      if (to < w.size(0) || i + block < n) {
        Tensor minusOfBlock = minus.slice(1, i, i + block);
        backend
            .device()
            .contract(RECONSTRUCTION, minusOfBlock, weights.slice(0, i, i + block), residual, true);
      }
    }
  }

  private Tensor scaled(Tensor y, float factor) {
    Tensor scaled = backend.empty(y.shape());
    backend.device().map(Op.Unary.SCALE, y, factor, scaled);
    return scaled;
  }
}
