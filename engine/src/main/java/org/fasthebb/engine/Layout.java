package org.fasthebb.engine;

import java.util.Arrays;

/**
 * The positions of a tensor's elements in memory: an offset and one {@link Axis} per dimension. It
 * is immutable.
 *
 * <p>An axis is usually one size and one stride. It may also be <em>composite</em>: several
 * sub-axes that count as one, like the patches (b, y, x) of a batch of images, or the values (i, j,
 * c) of one patch. A matrix of patches is then an ordinary rank-2 tensor that stores nothing.
 */
public final class Layout {
  /**
   * One dimension: sub-axes from outer to inner. {@code sizes.length} is 1 unless composite;
   * neither array may be changed.
   */
  public record Axis(int[] sizes, int[] strides) {
    /** Checks that its size can be said. */
    public Axis {
      if (product(sizes) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "an axis of "
                + Arrays.toString(sizes)
                + " has more than 2^31-1 index values; cut the tensor in parts");
      }
    }

    static Axis of(int size, int stride) {
      return new Axis(new int[] {size}, new int[] {stride});
    }

    /** This axis and {@code inner} inside of it, as one. */
    Axis around(Axis inner) {
      int[] bothSizes = Arrays.copyOf(sizes, sizes.length + inner.sizes.length);
      int[] bothStrides = Arrays.copyOf(strides, bothSizes.length);
      System.arraycopy(inner.sizes, 0, bothSizes, sizes.length, inner.sizes.length);
      System.arraycopy(inner.strides, 0, bothStrides, sizes.length, inner.sizes.length);
      return new Axis(bothSizes, bothStrides);
    }

    /** Number of index values: the product of the sub-axes' sizes. */
    public int size() {
      return (int) product(sizes);
    }

    /** Whether one stride describes this axis. */
    public boolean isSimple() {
      return sizes.length == 1;
    }

    /** Distance in elements of neighbours on the innermost sub-axis. */
    public int stride() {
      return strides[strides.length - 1];
    }
  }

  private final int offset;
  private final Axis[] axes;
  private final long count;

  private Layout(int offset, Axis... axes) {
    this.offset = offset;
    this.axes = axes;
    long product = 1;
    for (Axis axis : axes) {
      product *= axis.size();
    }
    count = product;
  }

  /**
   * Row-major layout of a shape.
   *
   * @throws IllegalArgumentException for a negative size, or if there are more than 2^31-1 elements
   */
  public static Layout contiguous(int... shape) {
    checkShape(shape);
    boolean isEmpty = product(shape) == 0;
    Axis[] axes = new Axis[shape.length];
    int stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      axes[i] = Axis.of(shape[i], stride);
      stride = isEmpty ? 0 : stride * shape[i]; // sizes beside a 0 may be of any product
    }
    return new Layout(0, axes);
  }

  private static void checkShape(int... shape) {
    for (int s : shape) {
      if (s < 0) {
        throw new IllegalArgumentException(
            "a shape has no negative sizes, but this is " + Arrays.toString(shape));
      }
    }
    if (product(shape) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(shape) + " has more than 2^31-1 elements; cut it in parts");
    }
  }

  /** The product of sizes; of many that are large, some number over 2^31-1. */
  static long product(int... sizes) {
    long product = 1;
    for (int size : sizes) {
      if (size == 0) {
        return 0;
      }
      product = Math.min(product, Integer.MAX_VALUE + 1L) * size;
    }
    return product;
  }

  /** Index of the first element in the storage. */
  public int offset() {
    return offset;
  }

  /** Number of dimensions. */
  public int rank() {
    return axes.length;
  }

  /** Dimension {@code i}; negative counts from the last. */
  public Axis axis(int i) {
    return axes[index(i)];
  }

  /** Size of dimension {@code i}; negative counts from the last. */
  public int size(int i) {
    return axis(i).size();
  }

  /**
   * Number of elements.
   *
   * @throws IllegalArgumentException if there are more than 2^31-1, which only a view can have
   */
  public int size() {
    if (count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the view "
              + this
              + " has "
              + count
              + " elements, more than the 2^31-1 that an operation can go through; cut it in"
              + " parts");
    }
    return (int) count;
  }

  /** Number of elements, however many. */
  public long count() {
    return count;
  }

  /** Sizes of all dimensions. */
  public int[] shape() {
    int[] shape = new int[axes.length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = axes[i].size();
    }
    return shape;
  }

  /** Whether the elements lie in row-major order without gaps (from any offset). */
  public boolean isContiguous() {
    long expected = 1;
    for (int i = axes.length - 1; i >= 0; i--) {
      for (int j = axes[i].sizes.length - 1; j >= 0; j--) {
        if (axes[i].sizes[j] != 1 && axes[i].strides[j] != expected) {
          return count == 0;
        }
        expected *= axes[i].sizes[j];
      }
    }
    return true;
  }

  /** Whether no axis is composite. */
  public boolean isSimple() {
    for (Axis axis : axes) {
      if (!axis.isSimple()) {
        return false;
      }
    }
    return true;
  }

  Layout reshape(int... shape) {
    Layout target = contiguous(shape);
    if (target.count != count || !isContiguous()) {
      throw new IllegalArgumentException(
          "cannot view "
              + this
              + " as "
              + Arrays.toString(shape)
              + (target.count != count
                  ? ": " + count + " elements do not make " + target.count
                  : ": it is a view with gaps; copy() it first"));
    }
    return new Layout(offset, target.axes);
  }

  Layout permute(int... order) {
    boolean[] seen = new boolean[axes.length];
    Axis[] permuted = new Axis[axes.length];
    if (order.length != axes.length) {
      throw new IllegalArgumentException(
          "cannot permute " + this + " by " + Arrays.toString(order) + ": name every axis once");
    }
    for (int i = 0; i < order.length; i++) {
      int from = index(order[i]);
      if (seen[from]) {
        throw new IllegalArgumentException(
            "cannot permute " + this + " by " + Arrays.toString(order) + ": name every axis once");
      }
      seen[from] = true;
      permuted[i] = axes[from];
    }
    return new Layout(offset, permuted);
  }

  Layout slice(int axis, int from, int to) {
    int i = index(axis);
    if (!axes[i].isSimple()) {
      throw new IllegalArgumentException(
          "cannot slice axis " + axis + " of " + this + ": it is composite; slice the images");
    }
    if (from < 0 || to < from || to > axes[i].size()) {
      throw new IllegalArgumentException(
          "cannot slice axis " + axis + " of " + this + " from " + from + " to " + to);
    }
    Axis[] cut = axes.clone();
    cut[i] = Axis.of(to - from, axes[i].stride());
    return new Layout(offset + from * axes[i].stride(), cut);
  }

  /** Axes first .. last counted as one, outer to inner. */
  Layout flatten(int first, int last) {
    int i = index(first);
    int j = index(last);
    if (j < i) {
      throw new IllegalArgumentException(
          "cannot flatten axes " + first + " to " + last + " of " + this + ": first is after last");
    }
    Axis[] flat = new Axis[axes.length - (j - i)];
    System.arraycopy(axes, 0, flat, 0, i);
    flat[i] = axes[i];
    for (int inner = i + 1; inner <= j; inner++) {
      flat[i] = flat[i].around(axes[inner]);
    }
    System.arraycopy(axes, j + 1, flat, i + 1, axes.length - j - 1);
    return new Layout(offset, flat);
  }

  /** Patches of images (b, h, w, c) as a matrix (b y x, i j c); see {@link Tensor#patches}. */
  Layout patches(int kh, int kw) {
    if (rank() != 4 || !isSimple()) {
      throw new IllegalArgumentException(
          "patches are cut from images [b, h, w, c], but this is " + this);
    }
    int ho = size(1) - kh + 1;
    int wo = size(2) - kw + 1;
    if (kh < 1 || kw < 1 || ho < 1 || wo < 1) {
      throw new IllegalArgumentException(
          "cannot cut " + kh + "x" + kw + " patches from images " + this);
    }
    int[] s = {axes[0].stride(), axes[1].stride(), axes[2].stride(), axes[3].stride()};
    return new Layout(
        offset,
        new Axis(new int[] {size(0), ho, wo}, new int[] {s[0], s[1], s[2]}),
        new Axis(new int[] {kh, kw, size(3)}, new int[] {s[1], s[2], s[3]}));
  }

  /** This layout stretched to a shape: axes of size 1 repeat, missing leading axes are added. */
  public Layout broadcast(int... shape) {
    checkShape(shape);
    int missing = shape.length - axes.length;
    if (missing < 0) {
      throw cannotStretch(shape);
    }
    Axis[] stretched = new Axis[shape.length];
    for (int i = 0; i < shape.length; i++) {
      Axis axis = i < missing ? Axis.of(1, 0) : axes[i - missing];
      int have = axis.size();
      if (have != shape[i] && have != 1) {
        throw cannotStretch(shape);
      }
      stretched[i] = have == shape[i] ? axis : Axis.of(shape[i], 0);
    }
    return new Layout(offset, stretched);
  }

  private IllegalArgumentException cannotStretch(int... shape) {
    return new IllegalArgumentException("cannot stretch " + this + " to " + Arrays.toString(shape));
  }

  /** The shape two operands broadcast to, or null if they do not fit. */
  static int[] broadcastShape(int[] a, int[] b) {
    int rank = Math.max(a.length, b.length);
    int[] shape = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int x = i <= a.length ? a[a.length - i] : 1;
      int y = i <= b.length ? b[b.length - i] : 1;
      if (x != y && x != 1 && y != 1) {
        return null;
      }
      shape[rank - i] = x == 1 ? y : x;
    }
    return shape;
  }

  /** Index 0 of every axis that {@code kept} refuses; those axes have size 1. */
  public Layout select(java.util.function.IntPredicate kept) {
    Axis[] selected = axes.clone();
    for (int i = 0; i < axes.length; i++) {
      if (!kept.test(i)) {
        selected[i] = Axis.of(1, 0);
      }
    }
    return new Layout(offset, selected);
  }

  /** The same axes from offset 0. */
  public Layout atOrigin() {
    return new Layout(0, axes);
  }

  private int index(int axis) {
    int i = axis < 0 ? axis + axes.length : axis;
    if (i < 0 || i >= axes.length) {
      throw new IllegalArgumentException("there is no axis " + axis + " in " + this);
    }
    return i;
  }

  /** The shape, like {@code [64, 28, 28, 96]}. */
  @Override
  public String toString() {
    return Arrays.toString(shape());
  }
}
