package org.fasthebb.engine.internal.cuda.strided;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.kernels.Codes;
import org.fasthebb.engine.internal.cuda.kernels.Launch;
import org.fasthebb.engine.internal.strided.Loops;
import org.fasthebb.engine.internal.strided.PatchSquares;

/**
 * Sums and maxima along axes, softmax and moments. How a sum is cut into parts depends on shapes
 * only, so that a result is the same in every run.
 */
public final class CudaReductions {
  /**
   * Parts over all outputs that keep a large device busy: one warp, or one block of threads, for
   * each.
   */
  private static final int WARPS = 1024;

  private static final int BLOCKS = 512;

  /** Fewest elements of a part. */
  private static final int SHORTEST = 256;

  /** Fewest elements of a row for which a second kernel, which adds up its parts, pays. */
  private static final int LONG_ROW = 2048;

  /** Fewest rows of a part in {@link #moments}: each thread has eight on their way at once. */
  private static final int SHORTEST_PART = 64;

  /** Most neurons of which a warp, and of which a block, keeps a row of soft-WTA in registers. */
  private static final int NARROW = 256;

  public static final int MOST_COMPETING = 4096;

  /** Most blocks that share the rows of soft-WTA; each leaves partial sums. */
  private static final int MOST_TEAMS = 264;

  /** What becomes of a result, numbered as in {@code reduce.cu}. */
  private enum Finish {
    STORE(0),
    ADD(1),
    /** Its root is stored, and 1 for 0. */
    NORM(2);

    private final int code;

    Finish(int code) {
      this.code = code;
    }
  }

  private final Backend backend;
  private final Launch launch;

  public CudaReductions(Backend backend, Launch launch) {
    this.backend = backend;
    this.launch = launch;
  }

  public void reduce(Op.Reduction op, Tensor x, Tensor out) {
    reduce(op, x, out, Finish.STORE);
  }

  /** See {@link org.fasthebb.engine.Device#norms}. */
  public void norms(Tensor x, Tensor out) {
    reduce(Op.Reduction.SUM_OF_SQUARES, x, out, Finish.NORM);
  }

  private void reduce(Op.Reduction op, Tensor x, Tensor out, Finish how) {
    if (op == Op.Reduction.SUM_OF_SQUARES && PatchSquares.fits(x, out)) {
      patchSquares(x, out, how);
      return;
    }
    if (out.size() == 0) {
      return;
    }
    Layout in = x.layout();
    int[] shape = out.shape();
    Loops kept = Loops.of(in.select(i -> shape[i] == in.size(i)), out.layout());
    Loops reduced = Loops.of(in.select(i -> shape[i] != in.size(i)).atOrigin());
    reduce(op, x, kept, reduced, (int) (in.count() / out.size()), out, how);
  }

  /**
   * Reduces over given loops.
   *
   * @param kept through x and out, from output to output
   * @param reduced through x, over the {@code count} elements of one output
   */
  private void reduce(
      Op.Reduction op, Tensor x, Loops kept, Loops reduced, int count, Tensor out, Finish how) {
    int outputs = out.size();
    boolean rows = count >= 32 && (outputs == 1 || reduced.stride(0) == 1);
    int most = rows ? WARPS / outputs : BLOCKS / Math.ceilDiv(outputs, 32);
    boolean whole = rows && count < LONG_ROW;
    int parts = whole ? 1 : Math.max(1, Math.min(most, count / SHORTEST));
    if (parts == 1) {
      queue(rows, op, x, kept, reduced, count, 1, out, how);
      return;
    }
    try (Scope _ = backend.scope()) {
      Tensor partial = backend.empty(prepended(parts, out.shape()));
      queue(rows, op, x, kept, reduced, count, parts, partial, Finish.STORE);
      Layout stretched = out.layout().broadcast(prepended(1, out.shape()));
      Op.Reduction then = op == Op.Reduction.MAX ? op : Op.Reduction.SUM;
      reduce(then, partial, new Tensor(backend, out.storage(), stretched), how);
    }
  }

  private void queue(
      boolean rows,
      Op.Reduction op,
      Tensor x,
      Loops kept,
      Loops reduced,
      int count,
      int parts,
      Tensor out,
      Finish how) {
    int outputs = out.size() / parts;
    launch.kernel(rows ? "reduce_rows" : "reduce_columns").value(Codes.of(op));
    launch.walk(kept, 0, 1).walk(reduced, 0).at(x).at(out);
    launch.value(outputs).value(count).value(parts).value(how.code);
    if (rows) {
      launch.warps(outputs * parts);
    } else if (count < 8) {
      launch.grid(Math.ceilDiv(outputs, 256), parts, 1, 256, 1);
    } else {
      launch.grid(Math.ceilDiv(outputs, 32), parts, 1, 32, 8);
    }
  }

  private static int[] prepended(int first, int... shape) {
    int[] longer = new int[shape.length + 1];
    longer[0] = first;
    System.arraycopy(shape, 0, longer, 1, shape.length);
    return longer;
  }

  /**
   * Sums of squares of patches, which overlap: adds up the squares of each pixel once, then pixels
   * over windows.
   */
  private void patchSquares(Tensor x, Tensor out, Finish how) {
    Layout.Axis patches = x.layout().axis(0);
    Layout.Axis values = x.layout().axis(1);
    int kh = values.sizes()[0];
    int kw = values.sizes()[1];
    int[] images = {patches.sizes()[0], patches.sizes()[1] + kh - 1, patches.sizes()[2] + kw - 1};
    int channels = values.sizes()[2];
    if (out.size() == 0) {
      return;
    }
    try (Scope _ = backend.scope()) {
      Tensor pixels = backend.empty(images);
      Layout seen = pixels.layout();
      int[] strides = {seen.axis(0).stride(), seen.axis(1).stride(), seen.axis(2).stride()};
      Loops kept = Loops.of(images, patches.strides(), strides);
      Loops reduced = Loops.of(new int[] {channels}, new int[] {1});
      reduce(Op.Reduction.SUM_OF_SQUARES, x, kept, reduced, channels, pixels, Finish.STORE);
      launch.kernel("window_sums").at(pixels).at(out).value(images[1]).value(images[2]);
      launch.value(kh).value(kw).value(out.size()).value(how.code).over(out.size());
    }
  }

  /** Softmax over contiguous rows. */
  public void softmax(Tensor x, float scale, Tensor out) {
    int n = x.rank() == 0 ? 1 : x.size(-1);
    int rows = n == 0 ? 0 : x.size() / n;
    launch.kernel("softmax").at(x).value(scale).at(out).value(rows).value(n).warps(rows);
  }

  /** The number of parts into which the rows of a matrix (rows, n) are cut. */
  static int parts(int rows, int n) {
    int most = BLOCKS / Math.ceilDiv(Math.max(1, n), 32);
    return Math.max(1, Math.min(most, rows / SHORTEST_PART));
  }

  /** Mean and biased variance of the columns of contiguous x. */
  public void moments(Tensor x, Tensor mean, Tensor variance) {
    int n = mean.size();
    int rows = n == 0 ? 0 : x.size() / n;
    int parts = parts(rows, n);
    int blocks = Math.ceilDiv(n, 32);
    try (Scope _ = backend.scope()) {
      Tensor partial = backend.empty(parts, 2, n);
      launch.kernel("moments_of_parts").at(x).at(partial).value(rows).value(n);
      launch.grid(blocks, parts, 1, 32, 8);
      launch.kernel("moments").at(partial).at(mean).at(variance);
      launch.value(rows).value(n).value(parts).grid(blocks, 1, 1, 32, 8);
    }
  }

  /**
   * Sums (2, n) of dy and of dy x^ over rows; see {@link
   * org.fasthebb.engine.Device#batchNormBackward}.
   */
  public void batchNormSums(Tensor x, Tensor dy, Tensor mean, Tensor inverse, Tensor sums) {
    int n = mean.size();
    int rows = x.size(0);
    int parts = parts(rows, n);
    try (Scope _ = backend.scope()) {
      Tensor partial = backend.empty(parts, 2, n);
      launch.kernel("batch_norm_sums").at(x).at(dy).at(mean).at(inverse).at(partial);
      launch.value(rows).value(n).grid(Math.ceilDiv(n, 32), parts, 1, 32, 8);
      Layout stretched = sums.layout().broadcast(1, 2, n);
      reduce(Op.Reduction.SUM, partial, new Tensor(backend, sums.storage(), stretched));
    }
  }

  /**
   * Soft-WTA between its two products; see {@link org.fasthebb.engine.Device#compete}. It has up to
   * {@link #MOST_COMPETING} neurons.
   */
  public void compete(
      Tensor y, Tensor patchNorms, Tensor neuronNorms, float scale, Tensor squares, Tensor sums) {
    int rows = y.size(0);
    int n = y.size(1);
    if (y.size() == 0) {
      return;
    }
    boolean narrow = n <= NARROW;
    int parts = Math.min(MOST_TEAMS, narrow ? Math.ceilDiv(rows, 8) : rows);
    try (Scope _ = backend.scope()) {
      Tensor partial = backend.empty(parts, 2, n);
      launch.kernel(narrow ? "compete_narrow" : "compete_wide").at(y).at(patchNorms);
      launch.at(neuronNorms).value(scale).at(squares).at(partial).value(rows).value(n);
      launch.grid(parts, 1, 1, 256, 1);
      Layout stretched = sums.layout().broadcast(1, 2, n);
      reduce(Op.Reduction.SUM, partial, new Tensor(backend, sums.storage(), stretched), Finish.ADD);
    }
  }
}
