package org.fasthebb.models.onnx;

import org.fasthebb.engine.Tensor;

/**
 * Maps in an {@link OnnxGraph}. There their axes are (b, c, h, w), where this program's are (b, h,
 * w, c).
 *
 * @param name of the value
 * @param h height
 * @param w width
 * @param c channels
 */
public record OnnxMaps(String name, int h, int w, int c) {
  /** Maps of the size of {@code like} (b, h, w, c). */
  public static OnnxMaps of(String name, Tensor like) {
    return new OnnxMaps(name, like.size(1), like.size(2), like.size(3));
  }

  /** Maps of the same size. */
  public OnnxMaps named(String other) {
    return new OnnxMaps(other, h, w, c);
  }
}
