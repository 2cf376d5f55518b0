package org.fasthebb.tools.derive.algebra;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How long each axis is.
 *
 * @param of the sizes of all axes but g and k
 * @param block neurons per block, K
 * @param shards shards of the batch, G
 */
public record Sizes(Map<Axis, Integer> of, int block, int shards) {
  /** Sizes of matrices alone. */
  public static Sizes of(int b, int n, int s, int block, int shards) {
    Map<Axis, Integer> of = new EnumMap<>(Axis.class);
    of.putAll(Map.of(Axis.B, b, Axis.N, n, Axis.M, n, Axis.S, s));
    return new Sizes(of, block, shards);
  }

  /**
   * Sizes of a layer that sees patches.
   *
   * @param images images in the batch
   * @param side height and width of an image
   * @param channels channels of an image
   * @param kernel height and width of a patch
   * @param neurons neurons of the layer
   */
  public static Sizes ofLayer(
      int images, int side, int channels, int kernel, int neurons, int block, int shards) {
    int out = side - kernel + 1;
    Sizes sizes =
        of(
            Math.multiplyExact(images, out * out),
            neurons,
            Math.multiplyExact(kernel * kernel, channels),
            block,
            shards);
    sizes.of.putAll(Map.of(Axis.U, images, Axis.Y, out, Axis.X, out, Axis.P, side, Axis.Q, side));
    sizes.of.putAll(Map.of(Axis.I, kernel, Axis.J, kernel, Axis.C, channels));
    sizes.of.putAll(Map.of(Axis.D, images * side * side, Axis.T, neurons * kernel * kernel));
    return sizes;
  }

  /** The same with another number of patches. */
  public Sizes withPatches(int patches) {
    Map<Axis, Integer> other = new EnumMap<>(of);
    other.put(Axis.B, patches);
    return new Sizes(other, block, shards);
  }

  /** The size of an axis. */
  public int size(Axis axis) {
    Axis whole = axis.whole();
    if (whole != null) {
      return (size(whole) + part(axis) - 1) / part(axis);
    }
    Integer size = of.get(axis);
    if (size == null) {
      throw new IllegalArgumentException("the size of axis " + axis + " is not known here");
    }
    return size;
  }

  /** The most elements of one block k or one shard g. */
  public int part(Axis parts) {
    return parts == Axis.K ? block : Math.max(1, (size(Axis.B) + shards - 1) / shards);
  }

  /** Elements of a tensor with these axes. */
  int count(List<Axis> axes) {
    return axes.stream().mapToInt(this::size).reduce(1, Math::multiplyExact);
  }
}
