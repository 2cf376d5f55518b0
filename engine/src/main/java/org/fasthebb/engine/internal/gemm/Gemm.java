package org.fasthebb.engine.internal.gemm;

import org.fasthebb.engine.internal.kernels.KernelChoice;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.ThreadPool;
import org.fasthebb.engine.internal.runtime.Workspace;
import org.fasthebb.engine.internal.strided.AxisGroup;

/**
 * The matrix product under every contraction: {@code c[m,n] (+)= sum_k a[m,k] b[k,n]}, where m, n
 * and k are groups of strided axes, so that no operand is ever transposed or gathered as a whole.
 *
 * <p>After Goto and BLIS, from the outside in:
 *
 * <ul>
 *   <li>{@link Blocking} decides how the output is cut into blocks and how operands are read;
 *   <li>{@link BlockedProduct} makes a task of each block, after it has packed what several blocks
 *       share;
 *   <li>{@link MacroKernel} goes through a block, a few hundred values of k at a time, tile by
 *       tile;
 *   <li>{@link Kernels#tile}, the micro-kernel, computes a tile in registers;
 *   <li>{@link StagedOutput} stands in for outputs that tiles cannot be added to in place.
 * </ul>
 *
 * <p>An operand whose values are used only a few times is read in place where the micro-kernel can
 * do that: either operand if its values for one k are contiguous (as outputs are when k counts the
 * batch), and a if it is contiguous along k (as patches and rows of weights are). All others are
 * {@linkplain Packing packed} into panels as wide as a tile.
 */
public final class Gemm {
  final Kernels kernels = KernelChoice.kernels();
  final Packing packing = new Packing(kernels);
  final ThreadPool pool;
  final Workspace<float[]> workspace;

  public Gemm(ThreadPool pool, Workspace<float[]> workspace) {
    this.pool = pool;
    this.workspace = workspace;
  }

  /**
   * Computes c, or adds to it if {@code add} is true.
   *
   * @param m rows, with the strides of a and of c
   * @param n columns, with the strides of b and of c
   * @param k summed index, with the strides of a and of b
   */
  public void multiply(
      Matrix a, Matrix b, Matrix c, AxisGroup m, AxisGroup n, AxisGroup k, boolean add) {
    if (m.total() == 0 || n.total() == 0) {
      return;
    }
    AxisGroup swapped = k.swapped();
    Blocking cut = cut(m, n, k);
    Blocking turned = cut(n, m, swapped);
    if (turned.cost < cut.cost) { // C^T = B^T A^T
      new BlockedProduct(this, b, a, c, n, m, swapped, turned, add).run();
    } else {
      new BlockedProduct(this, a, b, c, m, n, k, cut, add).run();
    }
  }

  private Blocking cut(AxisGroup m, AxisGroup n, AxisGroup k) {
    return new Blocking(m, n, k, kernels.mr(), kernels.nr(), kernels.fewInRows());
  }
}
