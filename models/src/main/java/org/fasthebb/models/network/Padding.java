package org.fasthebb.models.network;

import org.fasthebb.engine.Tensor;

/** Padding of images (b, h, w, c) on all four sides. */
final class Padding {
  private Padding() {}

  /** Pads by {@code width} pixels that mirror the image, without repeating the edge. */
  static Tensor reflect(Tensor images, int width) {
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

  /** The gradient for images (b, h, w, c), from the gradient for the padded images. */
  static Tensor unreflect(Tensor framed, int width, int h, int w) {
    return folded(folded(framed, 2, width, w), 1, width, h);
  }

  private static Tensor folded(Tensor framed, int axis, int width, int n) {
    Tensor inside = framed.slice(axis, width, width + n).copy();
    for (int i = 1; i <= width; i++) {
      int last = n - 1 - i;
      inside.slice(axis, i, i + 1).addAssign(framed.slice(axis, width - i, width - i + 1));
      inside
          .slice(axis, last, last + 1)
          .addAssign(framed.slice(axis, width + n - 1 + i, width + n + i));
    }
    return inside;
  }

  /** Pads by {@code width} pixels of one value. */
  static Tensor constant(Tensor images, int width, float value) {
    int[] shape = images.shape();
    shape[1] += 2 * width;
    shape[2] += 2 * width;
    Tensor framed = images.backend().empty(shape).fill(value);
    framed.slice(1, width, shape[1] - width).slice(2, width, shape[2] - width).assign(images);
    return framed;
  }
}
