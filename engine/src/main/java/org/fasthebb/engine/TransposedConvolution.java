package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;

/**
 * The adjoint of cutting patches: each value of a patch goes back to its pixel and adds up. Forward
 * it is a transposed convolution, backward the gradient of a convolution at its images.
 */
final class TransposedConvolution {
  private TransposedConvolution() {}

  /**
   * Spreads neurons over patches, stride 1, no padding.
   *
   * @param y neurons (B, n), one row per patch, ordered (b, y, x)
   * @param w weights (n, kh kw c)
   * @param image shape (b, h, w, c) of the result, where B = b (h-kh+1) (w-kw+1)
   */
  static Tensor of(Tensor y, Tensor w, int[] image, int kh, int kw) {
    Tensor x = y.backend().empty(image);
    int ho = image[1] - kh + 1;
    int wo = image[2] - kw + 1;
    int c = image[3];
    if (ho == 1 && wo == 1) {
      contractInto(x.reshape(image[0], kh * kw * c), "bn,ns->bs", y, w);
      return x;
    }
    x.fill(0);
    for (int i = 0; i < kh; i++) {
      for (int j = 0; j < kw; j++) {
        Tensor touched = x.slice(1, i, i + ho).slice(2, j, j + wo).merge(0, 2);
        int at = (i * kw + j) * c;
        contractAdd(touched, "bn,ns->bs", y, w.slice(1, at, at + c));
      }
    }
    return x;
  }
}
