package org.fasthebb.engine;

import java.util.Arrays;

/**
 * A float32 array with a shape.
 *
 * <p>Shape and layout never change. Elements change only in methods that say so: {@link #fill},
 * {@link #assign}, {@link #addAssign}, {@link #addProduct}, {@link #maximumAssign}, {@link
 * #timesAssign}, {@link #lowerTriangleAssign}, {@link #reluAssign}, {@link #uniformAssign}, {@link
 * #write} and the {@code Into} and {@code Add} forms of {@link Contraction}. Views share memory
 * with their origin. All other methods return a new tensor, from the open {@link Scope} if there is
 * one.
 *
 * <p>Methods that change a tensor read all operands as they were before: {@code
 * x.addAssign(x.permute(1, 0))} adds the transpose of the old x. An operand that shares memory with
 * the tensor, other than element by element, is copied first. A view in which several elements are
 * one place in memory, as {@link #broadcast} and {@link #patches} make them, cannot be changed:
 * that is an IllegalArgumentException.
 *
 * <p>Broadcasting is the paper's: shapes are matched from the last axis, an axis of length 1
 * stretches, nothing else does.
 *
 * <pre>{@code
 * try (Backend cpu = Backend.cpu()) {
 *   Tensor x = cpu.of(new float[] {1, 2, 3, 4}, 2, 2);
 *   Tensor y = contract("bs,ns->bn", x, x); // [[5, 11], [11, 25]]
 *   Tensor p = y.softmax(0.1f);             // rows sum to 1
 * }
 * }</pre>
 */
public final class Tensor {
  private final Backend backend;
  private final Storage storage;
  private final Layout layout;

  /** A tensor over existing memory; for backends. */
  public Tensor(Backend backend, Storage storage, Layout layout) {
    this.backend = backend;
    this.storage = storage;
    this.layout = layout;
  }

  private Tensor view(Layout seen) {
    return new Tensor(backend, storage, seen);
  }

  // ---- properties

  /** The backend that holds this tensor. */
  public Backend backend() {
    return backend;
  }

  /** The device that computes with it, for code that checks its operands itself. */
  public Device device() {
    return backend.device();
  }

  /** The memory behind it. */
  public Storage storage() {
    return storage;
  }

  /** How its elements lie in the storage. */
  public Layout layout() {
    return layout;
  }

  /** Number of dimensions. */
  public int rank() {
    return layout.rank();
  }

  /** Sizes of all dimensions. */
  public int[] shape() {
    return layout.shape();
  }

  /** Size of one dimension; negative counts from the last. */
  public int size(int axis) {
    return layout.size(axis);
  }

  /**
   * Number of elements.
   *
   * @throws IllegalArgumentException if there are more than 2^31-1, which only a view can have
   */
  public int size() {
    return layout.size();
  }

  // ---- views

  /** The same elements in another shape; needs gapless row-major order. */
  public Tensor reshape(int... shape) {
    return view(layout.reshape(shape));
  }

  /** Axes in another order: axis i of the result is axis order[i] of this. */
  public Tensor permute(int... order) {
    return view(layout.permute(order));
  }

  /** Elements from .. to-1 along one axis. */
  public Tensor slice(int axis, int from, int to) {
    return view(layout.slice(axis, from, to));
  }

  /** Axes first .. last counted as one. */
  public Tensor flatten(int first, int last) {
    return view(layout.flatten(first, last));
  }

  /**
   * The patch matrix X (B, S) of images (b, h, w, c): one row per patch, ordered (b, y, x), with
   * its values in the order (i, j, c). A view: nothing is copied. Stride 1, no padding, so that B =
   * b (h-kh+1) (w-kw+1) and S = kh kw c.
   */
  public Tensor patches(int kh, int kw) {
    return view(layout.patches(kh, kw));
  }

  /** This tensor stretched to a larger shape, without copying. */
  public Tensor broadcast(int... shape) {
    return view(layout.broadcast(shape));
  }

  // ---- arithmetic

  /** this + other. */
  public Tensor plus(Tensor other) {
    return zip(Op.Binary.ADD, "add", other);
  }

  /** this - other. */
  public Tensor minus(Tensor other) {
    return zip(Op.Binary.SUBTRACT, "subtract", other);
  }

  /** this * other, element by element. */
  public Tensor times(Tensor other) {
    return zip(Op.Binary.MULTIPLY, "multiply", other);
  }

  /** this / other, element by element. */
  public Tensor div(Tensor other) {
    return zip(Op.Binary.DIVIDE, "divide", other);
  }

  /** The larger of this and other, element by element. */
  public Tensor maximum(Tensor other) {
    return zip(Op.Binary.MAX, "compare", other);
  }

  /** this where {@code gate} is over 0, else 0. */
  public Tensor reluBackward(Tensor gate) {
    return zip(Op.Binary.RELU_BACKWARD, "gate", gate);
  }

  /** this + p. */
  public Tensor plus(float p) {
    return map(Op.Unary.ADD, p);
  }

  /** this * p. */
  public Tensor times(float p) {
    return map(Op.Unary.SCALE, p);
  }

  /** max(this, 0). */
  public Tensor relu() {
    return map(Op.Unary.RELU, 0);
  }

  /** this^2. */
  public Tensor square() {
    return map(Op.Unary.SQUARE, 0);
  }

  /** Square root. */
  public Tensor sqrt() {
    return map(Op.Unary.SQRT, 0);
  }

  /** e^this. */
  public Tensor exp() {
    return map(Op.Unary.EXP, 0);
  }

  /** Natural logarithm. */
  public Tensor log() {
    return map(Op.Unary.LOG, 0);
  }

  /** this, and 1 where it is 0: a divisor that guards a zero norm or sum. */
  public Tensor zeroToOne() {
    return map(Op.Unary.ZERO_TO_ONE, 0);
  }

  /** A gapless copy. */
  public Tensor copy() {
    return map(Op.Unary.COPY, 0);
  }

  /** Sums over the given axes (all, if none is given), which remain with length 1. */
  public Tensor sum(int... axes) {
    return reduce(Op.Reduction.SUM, axes);
  }

  /** Sums of squares over the given axes (all, if none is given), which remain with length 1. */
  public Tensor sumOfSquares(int... axes) {
    return reduce(Op.Reduction.SUM_OF_SQUARES, axes);
  }

  /**
   * Sums of max(0, x - t) over the given axes (all, if none is given), which remain with length 1.
   * Where the last axis is not summed over, a CPU sums the differences as it computes them, which
   * saves writing and reading them.
   */
  public Tensor sumAbove(float t, int... axes) {
    return sumExcess(t, 1, axes);
  }

  /** The same as {@link #sumAbove} of max(0, t - x). */
  public Tensor sumBelow(float t, int... axes) {
    return sumExcess(t, -1, axes);
  }

  private Tensor sumExcess(float t, float sign, int... axes) {
    Tensor out = emptyWithout(axes);
    device().sumExcess(this, t, sign, out);
    return out;
  }

  /**
   * Euclidean norms over the given axes, which remain with length 1; 1 in place of a norm of 0, so
   * that what is divided by it stays zero.
   */
  public Tensor norms(int... axes) {
    Tensor out = emptyWithout(axes);
    device().norms(this, out);
    return out;
  }

  /** Maxima over the given axes (all, if none is given), which remain with length 1. */
  public Tensor max(int... axes) {
    return reduce(Op.Reduction.MAX, axes);
  }

  /** exp(scale x) / sum exp(scale x) over the last axis; scale is 1/T for a temperature T. */
  public Tensor softmax(float scale) {
    if (!(scale >= 0)) {
      throw new IllegalArgumentException("softmax scale is " + scale + "; it must be at least 0");
    }
    Tensor x = contiguous();
    Tensor out = backend.empty(shape());
    device().softmax(x, scale, out);
    return out;
  }

  /** Maximum of each k x k window of images (b, h, w, c), stride k, remainders dropped. */
  public Tensor maxPool(int k) {
    Tensor out = pooled(k);
    device().maxPool(contiguous(), k, out, null);
    return out;
  }

  /** An empty tensor of the shape that pooling by k gives. */
  Tensor pooled(int k) {
    if (rank() != 4 || k < 1 || size(1) < k || size(2) < k) {
      throw new IllegalArgumentException(
          "cannot pool " + k + "x" + k + " windows of " + layout + "; images are [b, h, w, c]");
    }
    return backend.empty(size(0), size(1) / k, size(2) / k, size(3));
  }

  /** This tensor if its elements are gapless and in row-major order, otherwise a copy. */
  public Tensor contiguous() {
    return layout.isContiguous() && layout.isSimple() ? this : copy();
  }

  private Tensor map(Op.Unary op, float p) {
    Tensor out = backend.empty(shape());
    device().map(op, this, p, out);
    return out;
  }

  private Tensor zip(Op.Binary op, String verb, Tensor other) {
    int[] shape = Layout.broadcastShape(shape(), other.shape());
    if (shape == null) {
      throw new IllegalArgumentException(
          "cannot " + verb + " " + layout + " and " + other.layout + ": only size 1 stretches");
    }
    Tensor out = backend.empty(shape);
    device().zip(op, broadcast(shape), other.broadcast(shape), out);
    return out;
  }

  private Tensor reduce(Op.Reduction op, int... axes) {
    Tensor out = emptyWithout(axes);
    device().reduce(op, this, out);
    return out;
  }

  /** A tensor for what a reduction over the given axes (all, if none is given) leaves. */
  private Tensor emptyWithout(int... axes) {
    int[] shape = shape();
    if (axes.length == 0) {
      Arrays.fill(shape, 1);
    }
    for (int axis : axes) {
      layout.axis(axis); // refuses an axis that is not there
      shape[axis < 0 ? axis + shape.length : axis] = 1;
    }
    Tensor out = backend.empty(shape);
    if (out.size() > 0 && layout.count() / out.size() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "cannot reduce "
              + layout
              + " to "
              + out.layout
              + ": each result is of more than 2^31-1 elements; reduce one axis after the other");
    }
    return out;
  }

  // ---- explicit mutation

  /** Sets every element; returns this. */
  public Tensor fill(float value) {
    checkChangeable();
    device().map(Op.Unary.FILL, this, value, this);
    return this;
  }

  /** Copies {@code source}, stretched to this shape, into this; returns this. */
  public Tensor assign(Tensor source) {
    checkChangeable();
    device().map(Op.Unary.COPY, stretched(source, "assign"), 0, this);
    return this;
  }

  /** Adds {@code other}, stretched to this shape, to this; returns this. */
  public Tensor addAssign(Tensor other) {
    return change(Op.Binary.ADD, "add", this, other);
  }

  /** Adds a b, both stretched to this shape, to this; a or b may be this. Returns this. */
  public Tensor addProduct(Tensor a, Tensor b) {
    return change(Op.Binary.ADD_PRODUCT, "add a product of", a, b);
  }

  /** Sets elements to those of {@code other}, stretched to this shape, where they are larger. */
  public Tensor maximumAssign(Tensor other) {
    return change(Op.Binary.MAX, "compare", this, other);
  }

  /** Sets negative elements to 0; returns this. */
  public Tensor reluAssign() {
    checkChangeable();
    device().map(Op.Unary.RELU, this, 0, this);
    return this;
  }

  /**
   * Sets the elements of this gapless tensor to random numbers, uniform in [0, 1), of 24 bits: a
   * function of seed, step and position, the same on every device. Returns this.
   *
   * @param step a whole number (1), which a {@link Recording} reads anew each time it runs
   */
  public Tensor uniformAssign(long seed, Tensor step) {
    if (!layout.isContiguous() || step.size() != 1) {
      throw new IllegalArgumentException(
          "cannot draw random numbers into "
              + layout
              + (step.size() != 1
                  ? ": the step is " + step.layout() + " and not one number"
                  : ": it is a view with gaps"));
    }
    device().uniform(seed, Overlap.isApart(this, step) ? step : step.copy(), this);
    return this;
  }

  /** Sets what is above the diagonal of this matrix to 0; returns this. */
  public Tensor lowerTriangleAssign() {
    if (rank() != 2 || !layout.isSimple()) {
      throw new IllegalArgumentException("only a matrix has a diagonal, but this is " + layout);
    }
    checkChangeable();
    device().clearAboveDiagonal(this);
    return this;
  }

  /** Multiplies this by {@code other}, stretched to this shape; returns this. */
  public Tensor timesAssign(Tensor other) {
    return change(Op.Binary.MULTIPLY, "multiply", this, other);
  }

  /** Multiplies this by a number; returns this. */
  public Tensor timesAssign(float factor) {
    checkChangeable();
    device().map(Op.Unary.SCALE, this, factor, this);
    return this;
  }

  private Tensor change(Op.Binary op, String verb, Tensor a, Tensor b) {
    checkChangeable();
    device().zip(op, stretched(a, verb), stretched(b, verb), this);
    return this;
  }

  /** Refuses a view whose elements are not independent of each other. */
  void checkChangeable() {
    if (Overlap.isWithin(layout)) {
      throw new IllegalArgumentException(
          "cannot change "
              + layout
              + ": several of its elements are one place in memory, as in broadcast() and"
              + " patches(); change the tensor that it is a view of, or a copy()");
    }
  }

  /** An operand of a change, copied if it would change with this. */
  private Tensor stretched(Tensor other, String verb) {
    if (other == this) {
      return this;
    }
    if (!Arrays.equals(Layout.broadcastShape(shape(), other.shape()), shape())) {
      throw new IllegalArgumentException(
          "cannot " + verb + " " + other.layout + " into " + layout + ": only size 1 stretches");
    }
    Tensor stretched = other.broadcast(shape());
    return Overlap.isElementwise(this, stretched) ? stretched : other.copy().broadcast(shape());
  }

  // ---- exchange with the host

  /** Overwrites this gapless tensor with values in row-major order. */
  public void write(float[] values) {
    checkWritable(values.length, "values");
    device().upload(values, this);
  }

  /**
   * Overwrites this gapless tensor, whose last axis counts channels, with what a table has for
   * bytes: element i in row-major order = table[i mod channels][bytes[i]], bytes being unsigned.
   *
   * @param table 256 values for each channel
   */
  public void write(byte[] bytes, float[][] table) {
    checkWritable(bytes.length, "bytes");
    if (rank() == 0 || table.length != size(-1)) {
      throw new IllegalArgumentException(
          "cannot write bytes into " + layout + " by a table of " + table.length + " channels");
    }
    for (float[] values : table) {
      if (values.length != 256) {
        throw new IllegalArgumentException(
            "a table for bytes has 256 values per channel, but one has " + values.length);
      }
    }
    if (bytes.length > 0) {
      device().upload(bytes, table, this);
    }
  }

  private void checkWritable(int count, String what) {
    if (count != layout.count()) {
      throw new IllegalArgumentException(
          "cannot write " + count + " " + what + " into " + layout + " of " + layout.count());
    }
    if (!layout.isContiguous()) {
      throw new IllegalArgumentException(
          "cannot write into " + layout + ": it is a view with gaps");
    }
  }

  /**
   * Copies the elements in row-major order into {@code values}.
   *
   * @throws IllegalArgumentException if there are not as many values as elements
   */
  public void read(float[] values) {
    if (values.length != layout.count()) {
      throw new IllegalArgumentException(
          "cannot read " + layout + " of " + layout.count() + " into " + values.length + " values");
    }
    device().download(this, values);
  }

  /** The elements in row-major order, as a new array. */
  public float[] toArray() {
    float[] values = new float[size()];
    read(values);
    return values;
  }

  /** The only element of a tensor of size 1. */
  public float item() {
    if (layout.count() != 1) {
      throw new IllegalArgumentException("item() is for a single element, but this is " + layout);
    }
    return toArray()[0];
  }

  /** Shape and, up to 32, the elements. */
  @Override
  public String toString() {
    return layout.count() > 32
        ? "tensor " + layout
        : "tensor " + layout + " " + Arrays.toString(toArray());
  }
}
