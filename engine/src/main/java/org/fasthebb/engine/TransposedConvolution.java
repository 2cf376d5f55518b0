package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;

/**
 * The adjoint of cutting patches: each value of a patch goes back to its pixel and adds up. Forward
 * it is a transposed convolution, backward the gradient of a convolution at its images.
 *
 * <p>There are four algorithms; the choice depends only on shapes and on the kind of backend.
 */
final class TransposedConvolution {
  /** With fewer channels, most of a product's register tile would be empty. */
  private static final int FEWEST_CHANNELS = 16;

  /** Side of the smallest images whose border costs less than the shorter way of 3 x 3 saves. */
  private static final int LEAST_SIDE = 8;

  /** Most values of patches that a GPU keeps, 512 MiB: it takes a few images at a time. */
  private static final int MOST_FOLDED = 1 << 27;

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
    try (Scope _ = y.backend().scope()) {
      boolean large = Math.min(image[1], image[2]) >= LEAST_SIDE;
      if (y.backend().isRemote() && (long) ho * wo * w.size(1) <= MOST_FOLDED) {
        fold(y, w, x, kh, kw);
      } else if (c < FEWEST_CHANNELS) {
        addPatches(y, w, x, kh, kw);
      } else if (kh == 3 && kw == 3 && large && !y.backend().isRemote()) {
        convolve(y.reshape(image[0], ho, wo, y.size(1)), w, x, kh, kw);
      } else {
        addPixels(y, w, x, kh, kw);
      }
    }
    return x;
  }

  /** One product gives all patches, which are then added up, a channel's rows at a time. */
  private static void addPatches(Tensor y, Tensor w, Tensor x, int kh, int kw) {
    int ho = x.size(1) - kh + 1;
    int wo = x.size(2) - kw + 1;
    int c = x.size(3);
    Tensor patches = contract("bn,ns->sb", y, w).reshape(kh * kw * c, x.size(0), ho, wo);
    Tensor planes = y.backend().empty(c, x.size(0), x.size(1), x.size(2)).fill(0);
    for (int i = 0; i < kh; i++) {
      for (int j = 0; j < kw; j++) {
        int at = (i * kw + j) * c;
        Tensor touched = planes.slice(2, i, i + ho).slice(3, j, j + wo);
        touched.addAssign(patches.slice(0, at, at + c));
      }
    }
    x.assign(planes.permute(1, 2, 3, 0));
  }

  /** One product gives the patches of some images, and one pass adds them up pixel by pixel. */
  private static void fold(Tensor y, Tensor w, Tensor x, int kh, int kw) {
    int b = x.size(0);
    int perImage = (x.size(1) - kh + 1) * (x.size(2) - kw + 1);
    int step = Math.clamp(MOST_FOLDED / Math.max(1, perImage * w.size(1)), 1, Math.max(1, b));
    for (int from = 0; from < b; from += step) {
      int to = Math.min(b, from + step);
      try (Scope _ = y.backend().scope()) {
        Tensor some = y.slice(0, from * perImage, to * perImage);
        y.device().fold(contract("bn,ns->bs", some, w), kh, kw, x.slice(0, from, to));
      }
    }
  }

  /** A product for each pixel of a patch, which is added to all the pixels that it can be. */
  private static void addPixels(Tensor y, Tensor w, Tensor x, int kh, int kw) {
    int ho = x.size(1) - kh + 1;
    int wo = x.size(2) - kw + 1;
    int c = x.size(3);
    x.fill(0);
    for (int i = 0; i < kh; i++) {
      for (int j = 0; j < kw; j++) {
        Tensor touched = x.slice(1, i, i + ho).slice(2, j, j + wo).flatten(0, 2);
        int at = (i * kw + j) * c;
        contractAdd(touched, "bn,ns->bs", y, w.slice(1, at, at + c));
      }
    }
  }

  /**
   * The convolution of y (b, ho, wo, n), with a border of zeros, and weights whose pixels are in
   * the reverse order. For many patches of 3 x 3 a CPU has a shorter way.
   */
  private static void convolve(Tensor y, Tensor w, Tensor x, int kh, int kw) {
    int n = y.size(3);
    int c = x.size(3);
    int top = kh - 1;
    int left = kw - 1;
    Tensor padded = y.backend().empty(x.size(0), x.size(1) + top, x.size(2) + left, n).fill(0);
    padded.slice(1, top, x.size(1)).slice(2, left, x.size(2)).assign(y);
    Tensor reversed = y.backend().empty(c, kh * kw * n);
    for (int pixel = 0; pixel < kh * kw; pixel++) {
      int to = (kh * kw - 1 - pixel) * n;
      Tensor weights = w.slice(1, pixel * c, (pixel + 1) * c).permute(1, 0);
      reversed.slice(1, to, to + n).assign(weights);
    }
    Tensor pixels = x.reshape(x.size() / c, c);
    contractInto(pixels, "bs,ns->bn", padded.patches(kh, kw), reversed);
  }
}
