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
public record AxisSizes(Map<NamedAxis, Integer> of, int block, int shards) {
  /** AxisSizes of matrices alone. */
  public static AxisSizes of(int b, int n, int s, int block, int shards) {
    Map<NamedAxis, Integer> of = new EnumMap<>(NamedAxis.class);
    of.putAll(Map.of(NamedAxis.B, b, NamedAxis.N, n, NamedAxis.M, n, NamedAxis.S, s));
    return new AxisSizes(of, block, shards);
  }

  /**
   * AxisSizes of a layer that sees patches.
   *
   * @param images images in the batch
   * @param side height and width of an image
   * @param channels channels of an image
   * @param kernel height and width of a patch
   * @param neurons neurons of the layer
   */
  public static AxisSizes ofLayer(
      int images, int side, int channels, int kernel, int neurons, int block, int shards) {
    int out = side - kernel + 1;
    AxisSizes sizes =
        of(
            Math.multiplyExact(images, out * out),
            neurons,
            Math.multiplyExact(kernel * kernel, channels),
            block,
            shards);
    sizes.of.putAll(
        Map.of(
            NamedAxis.U,
            images,
            NamedAxis.Y,
            out,
            NamedAxis.X,
            out,
            NamedAxis.P,
            side,
            NamedAxis.Q,
            side));
    sizes.of.putAll(Map.of(NamedAxis.I, kernel, NamedAxis.J, kernel, NamedAxis.C, channels));
    sizes.of.putAll(
        Map.of(NamedAxis.D, images * side * side, NamedAxis.T, neurons * kernel * kernel));
    return sizes;
  }

  /** The same with another number of patches. */
  public AxisSizes withPatches(int patches) {
    Map<NamedAxis, Integer> other = new EnumMap<>(of);
    other.put(NamedAxis.B, patches);
    return new AxisSizes(other, block, shards);
  }

  /** The size of an axis. */
  public int size(NamedAxis axis) {
    NamedAxis whole = axis.whole();
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
  public int part(NamedAxis parts) {
    return parts == NamedAxis.K ? block : Math.max(1, (size(NamedAxis.B) + shards - 1) / shards);
  }

  /** Elements of a tensor with these axes. */
  int count(List<NamedAxis> axes) {
    return axes.stream().mapToInt(this::size).reduce(1, Math::multiplyExact);
  }
}
