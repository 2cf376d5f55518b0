package org.fasthebb.models.network;

import org.fasthebb.engine.Tensor;

/** Frames around images (b, h, w, c). */
public final class Padding {
  private Padding() {}

  /** A frame of {@code width} pixels that mirrors what is inside, without repeating the edge. */
  public static Tensor reflect(Tensor images, int width) {
    if (images.rank() != 4 || width < 0 || images.size(1) <= width || images.size(2) <= width) {
      throw new IllegalArgumentException(
          "cannot mirror " + width + " pixels at the borders of images " + images.layout());
    }
    return width == 0 ? images : reflect(reflect(images, 1, width), 2, width);
  }

  private static Tensor reflect(Tensor x, int axis, int width) {
    int n = x.size(axis);
    int[] shape = x.shape();
    shape[axis] += 2 * width;
    Tensor framed = x.backend().empty(shape);
    framed.slice(axis, width, width + n).assign(x);
    for (int i = 1; i <= width; i++) {
      framed.slice(axis, width - i, width - i + 1).assign(x.slice(axis, i, i + 1));
      int last = n - 1 - i;
      framed.slice(axis, width + n - 1 + i, width + n + i).assign(x.slice(axis, last, last + 1));
    }
    return framed;
  }

  /** A frame of {@code width} pixels of one value. */
  static Tensor constant(Tensor images, int width, float value) {
    int[] shape = images.shape();
    shape[1] += 2 * width;
    shape[2] += 2 * width;
    Tensor framed = images.backend().empty(shape).fill(value);
    framed.slice(1, width, shape[1] - width).slice(2, width, shape[2] - width).assign(images);
    return framed;
  }
}
