package org.fasthebb.engine.internal.strided;

import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.kernels.KernelChoice;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.Scratch;
import org.fasthebb.engine.internal.runtime.ThreadPool;

/**
 * Sums of squares of patches. Patches overlap, so the squares of a pixel are added up once, and
 * pixels are added up along rows of a window before its columns.
 */
public final class PatchSquares {
  private final ThreadPool pool;
  private final Kernels kernels = KernelChoice.kernels();

  public PatchSquares(ThreadPool pool) {
    this.pool = pool;
  }

  /** Whether x is a matrix of patches (b y x, i j c), and out has one element for each of them. */
  public static boolean fits(Tensor x, Tensor out) {
    return x.rank() == 2
        && out.size() == x.size(0)
        && out.size(1) == 1
        && out.layout().isContiguous()
        && isPatches(x);
  }

  /** Whether a matrix is one of patches, as {@link Tensor#patches} cuts them. */
  public static boolean isPatches(Tensor x) {
    Layout.Axis patches = x.layout().axis(0);
    Layout.Axis values = x.layout().axis(1);
    return patches.sizes().length == 3
        && values.sizes().length == 3
        && patches.strides()[1] == values.strides()[0]
        && patches.strides()[2] == values.strides()[1]
        && values.strides()[2] == 1;
  }

  public void run(Tensor x, Tensor out) {
    Layout.Axis patches = x.layout().axis(0);
    Layout.Axis values = x.layout().axis(1);
    int ho = patches.sizes()[1];
    int wo = patches.sizes()[2];
    int kh = values.sizes()[0];
    int kw = values.sizes()[1];
    int c = values.sizes()[2];
    float[] xs = x.storage().array();
    float[] sums = out.storage().array();
    pool.run(
        patches.sizes()[0],
        image -> {
          int from = x.layout().offset() + image * patches.strides()[0];
          int to = out.layout().offset() + image * ho * wo;
          // Sums along the rows of windows, and behind them the squares of one row of pixels.
          int pixels = (ho + kh - 1) * wo;
          double[] rows = Scratch.get().doubles(pixels + wo + kw - 1);
          for (int y = 0; y < ho + kh - 1; y++) {
            for (int j = 0; j < wo + kw - 1; j++) {
              int at = from + y * patches.strides()[1] + j * patches.strides()[2];
              rows[pixels + j] = kernels.dot(xs, at, xs, at, c);
            }
            for (int j = 0; j < wo; j++) {
              rows[y * wo + j] = Sums.of(rows, pixels + j, 1, kw);
            }
          }
          for (int i = 0; i < ho * wo; i++) {
            sums[to + i] = (float) Sums.of(rows, i, wo, kh);
          }
        });
  }
}
