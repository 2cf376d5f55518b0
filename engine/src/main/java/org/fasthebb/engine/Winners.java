package org.fasthebb.engine;

/**
 * Where the maxima of a max-pooling were, so that values can be put there, as max-unpooling and the
 * adjoint of max-pooling do, and be fetched from there, as the adjoint of max-unpooling does.
 */
final class Winners {
  private final Tensor positions;
  private final int k;
  private final Layout image;

  /**
   * The winners of windows of k x k pixels.
   *
   * @param positions in the windows (b, h/k, w/k, c), as {@link Device#maxPool} leaves them
   * @param image layout (b, h, w, c) of what was pooled
   */
  Winners(Tensor positions, int k, Layout image) {
    this.positions = positions;
    this.k = k;
    this.image = image;
  }

  /** An image (b, h, w, c) with values (b, h/k, w/k, c) at the winners and 0 elsewhere. */
  Tensor put(Tensor values) {
    Tensor out = values.backend().empty(image.shape());
    values.device().maxPoolBackward(values.contiguous(), positions, k, out);
    return out;
  }

  /** What an image (b, h, w, c) has at the winners (b, h/k, w/k, c). */
  Tensor fetch(Tensor from) {
    Backend backend = from.backend();
    Tensor won = windows(put(backend.empty(positions.shape()).fill(1)));
    Tensor all = windows(from);
    Tensor out = backend.empty(positions.shape()).fill(0);
    Tensor one = windows(out, 1);
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        Tensor place = all.slice(2, i, i + 1).slice(4, j, j + 1);
        one.addProduct(place, won.slice(2, i, i + 1).slice(4, j, j + 1));
      }
    }
    return out;
  }

  /** Pixels by window: (b, h/k, k, w/k, k, c), without those that no window has. */
  private Tensor windows(Tensor pixels) {
    int h = positions.size(1) * k;
    int w = positions.size(2) * k;
    return windows(pixels.slice(1, 0, h).slice(2, 0, w).contiguous(), k);
  }

  private static Tensor windows(Tensor pixels, int k) {
    int b = pixels.size(0);
    return pixels.reshape(b, pixels.size(1) / k, k, pixels.size(2) / k, k, pixels.size(3));
  }
}
