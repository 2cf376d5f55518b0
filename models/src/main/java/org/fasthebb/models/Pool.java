package org.fasthebb.models;

import org.fasthebb.engine.Tensor;

/** How SoftHebb's networks halve images (b, h, w, c). */
public enum Pool {
  /** Maxima of windows of 4x4 pixels, stride 2, within a frame of one pixel that never wins. */
  MAX {
    // Two steps: 2x2 windows side by side, and pairs of their neighbours.
    @Override
    public Tensor of(Tensor images) {
      Tensor framed = Padding.constant(images, 1, Float.NEGATIVE_INFINITY);
      return largerNeighbour(largerNeighbour(framed.maxPool(2), 1), 2);
    }
  },

  /** Means of windows of 2x2 pixels, stride 2; remainders are dropped. */
  MEAN {
    @Override
    public Tensor of(Tensor images) {
      int h = images.size(1) / 2;
      int w = images.size(2) / 2;
      Tensor whole = images.slice(1, 0, 2 * h).slice(2, 0, 2 * w).contiguous();
      int b = images.size(0);
      int c = images.size(3);
      Tensor windows = whole.reshape(b * h, 2, w, 2, c);
      Tensor upper = windows.slice(1, 0, 1);
      Tensor lower = windows.slice(1, 1, 2);
      Tensor sums = upper.slice(3, 0, 1).plus(upper.slice(3, 1, 2));
      sums.addAssign(lower.slice(3, 0, 1)).addAssign(lower.slice(3, 1, 2));
      return sums.timesAssign(0.25f).reshape(b, h, w, c);
    }
  };

  /** The pooled images (b, h/2, w/2, c). */
  public abstract Tensor of(Tensor images);

  /** The larger of each element and the next one along an axis, which gets shorter by one. */
  private static Tensor largerNeighbour(Tensor x, int axis) {
    int n = x.size(axis) - 1;
    return x.slice(axis, 0, n).maximum(x.slice(axis, 1, n + 1));
  }
}
