package org.fasthebb.engine.internal.cpu;

import java.util.Arrays;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.kernels.KernelChoice;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.Scratch;
import org.fasthebb.engine.internal.runtime.ThreadPool;
import org.fasthebb.engine.internal.strided.Loops;
import org.fasthebb.engine.internal.strided.PatchSquares;
import org.fasthebb.engine.internal.strided.Sums;

/**
 * Sums and maxima along axes, softmax and moments. Long sums are doubles to which short sums in
 * single precision are added, in the same order for any number of threads.
 */
public final class Reductions {
  /** Rows whose sum is in single precision before it is added to a double. */
  private static final int SHORT_SUM = 32;

  /** The same for contiguous values, which are added in the lanes of a few vectors. */
  private static final int SHORT_RUN = 1024;

  /** With fewer columns than this, each is summed alone, unless all is contiguous. */
  private static final int LEAST_COLUMNS = 16;

  /** Columns that are summed together: their sums stay in the first cache. */
  private static final int COLUMNS = 512;

  /** The same where there would be too few tasks for many threads. */
  private static final int FEW_COLUMNS = 64;

  /** Values that a task reads at least. */
  private static final int TASK = 16384;

  /** Most parts into which a column sum is cut. */
  private static final int PARTS = 16;

  private final ThreadPool pool;
  private final PatchSquares patchSquares;
  private final Kernels kernels = KernelChoice.kernels();
  private double[] partials = {};

  Reductions(ThreadPool pool) {
    this.pool = pool;
    patchSquares = new PatchSquares(pool);
  }

  void reduce(Op.Reduction op, Tensor x, Tensor out) {
    Layout in = x.layout();
    int[] kept = out.shape();
    int columns = out.size();
    boolean sums = op != Op.Reduction.MAX;
    boolean leading = kept.length > 0 && columns == in.size(-1) && kept[kept.length - 1] == columns;
    if (sums && leading && columns > 1 && in.isContiguous() && out.layout().isContiguous()) {
      Column column = op == Op.Reduction.SUM ? this::addRow : this::addSquares;
      columnSums(x, column, null, out, 1.0);
      return;
    }
    if (op == Op.Reduction.SUM_OF_SQUARES && PatchSquares.fits(x, out)) {
      patchSquares.run(x, out);
      return;
    }
    if (sums && areColumns(in, out.layout()) && in.size(-1) >= LEAST_COLUMNS) {
      Term term = op == Op.Reduction.SUM ? Reductions::addValues : Reductions::addSquares;
      stridedColumnSums(term, x, out);
      return;
    }
    // Reduced axes become the inner loops of one nest, kept axes the outer loops of another.
    Loops outer = Loops.of(out.layout(), keptOf(in, kept));
    Loops inner = Loops.of(reducedOf(in, kept));
    float[] xs = x.storage().array();
    float[] os = out.storage().array();
    long perElement = Math.max(1, in.count() / Math.max(1, columns));
    int batch = (int) Math.max(1, TASK / perElement);
    pool.run(
        Math.ceilDiv(columns, batch),
        task -> {
          int end = (int) Math.min(columns, (task + 1L) * batch);
          for (int i = task * batch; i < end; i++) {
            os[outer.place(0, i)] = reduceOne(op, xs, outer.place(1, i), inner);
          }
        });
  }

  /** x at index 0 of every reduced axis, in the shape of the result. */
  private static Layout keptOf(Layout x, int[] kept) {
    return x.select(axis -> kept[axis] == x.size(axis));
  }

  /** x along its reduced axes, from an offset of 0. */
  private static Layout reducedOf(Layout x, int[] kept) {
    return x.select(axis -> kept[axis] != x.size(axis)).atOrigin();
  }

  private float reduceOne(Op.Reduction op, float[] xs, int from, Loops inner) {
    int n = inner.inner();
    int stride = inner.stride(0);
    int rows = n == 0 ? 0 : inner.rows();
    double sum = 0;
    float max = Float.NEGATIVE_INFINITY;
    for (int row = 0; row < rows; row++) {
      int at = from + inner.start(0, row);
      switch (op) {
        case SUM -> sum += stride == 1 ? run(xs, at, n, false) : strided(xs, at, n, stride, false);
        case SUM_OF_SQUARES ->
            sum += stride == 1 ? run(xs, at, n, true) : strided(xs, at, n, stride, true);
        case MAX -> {
          for (int i = 0; i < n; i += stride == 1 ? n : 1) {
            max = Math.max(max, stride == 1 ? kernels.max(xs, at, n) : xs[at + i * stride]);
          }
        }
      }
    }
    return op == Op.Reduction.MAX ? max : (float) sum;
  }

  private double run(float[] xs, int at, int n, boolean square) {
    double sum = 0;
    for (int i = 0; i < n; i += SHORT_RUN) {
      int count = Math.min(SHORT_RUN, n - i);
      sum += square ? kernels.dot(xs, at + i, xs, at + i, count) : kernels.sum(xs, at + i, count);
    }
    return sum;
  }

  private static double strided(float[] xs, int at, int n, int stride, boolean square) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double x = xs[at + i * stride];
      sum += square ? x * x : x;
    }
    return sum;
  }

  /** Whether the last axis is kept, and its values are neighbours in both. */
  static boolean areColumns(Layout x, Layout out) {
    return out.rank() > 0 && out.size(-1) == x.size(-1) && isRun(x.axis(-1)) && isRun(out.axis(-1));
  }

  private static boolean isRun(Layout.Axis axis) {
    return axis.isSimple() && axis.stride() == 1;
  }

  /**
   * Sums over any axes but the last, whose values are neighbours in memory. Rows are read from end
   * to end, where summing one column after the other would read a cache line for each value. The
   * sums are the bits that {@link #reduceOne} gives.
   */
  private void stridedColumnSums(Term term, Tensor x, Tensor out) {
    int last = x.rank() - 1;
    int[] kept = out.shape();
    Layout first = out.layout().select(axis -> axis != last);
    Loops outer =
        Loops.of(first, x.layout().select(axis -> axis != last && kept[axis] == x.size(axis)));
    Loops inner = Loops.of(reducedOf(x.layout(), kept));
    int n = kept[last];
    int sums = out.size() / n;
    boolean few = (long) sums * Math.ceilDiv(n, COLUMNS) < PARTS;
    int width = Math.min(n, few ? FEW_COLUMNS : COLUMNS);
    int blocks = Math.ceilDiv(n, width);
    int allBlocks = sums * blocks;
    long perBlock = Math.max(1, x.layout().count() / Math.max(1, sums) / blocks);
    int batch = (int) Math.max(1, TASK / perBlock);
    float[] xs = x.storage().array();
    float[] os = out.storage().array();
    pool.run(
        Math.ceilDiv(allBlocks, batch),
        task -> {
          int end = (int) Math.min(allBlocks, (task + 1L) * batch);
          for (int i = task * batch; i < end; i++) {
            int column = i % blocks * width;
            int to = outer.place(0, i / blocks) + column;
            int from = outer.place(1, i / blocks) + column;
            sumColumns(term, xs, from, inner, os, to, Math.min(width, n - column));
          }
        });
  }

  /** As {@link Column}, but the sums are doubles. */
  private interface Term {
    void add(float[] x, int at, double[] sums, int to, int n);
  }

  private static void addValues(float[] x, int at, double[] sums, int to, int n) {
    for (int j = 0; j < n; j++) {
      sums[to + j] += x[at + j];
    }
  }

  private static void addSquares(float[] x, int at, double[] sums, int to, int n) {
    for (int j = 0; j < n; j++) {
      double value = x[at + j];
      sums[to + j] += value * value;
    }
  }

  /** Sums max(0, sign (x - t)), whose values are then never in memory. */
  void sumExcess(Tensor x, float t, float sign, Tensor out) {
    if (out.size() == 0) {
      return;
    }
    Term term =
        (xs, at, sums, to, n) -> {
          for (int j = 0; j < n; j++) {
            sums[to + j] += Math.max(0, sign * (xs[at + j] - t));
          }
        };
    stridedColumnSums(term, x, out);
  }

  /** Sums each of n neighbours over {@code inner} loops, as {@link #reduceOne} does for one. */
  private static void sumColumns(
      Term term, float[] xs, int from, Loops inner, float[] os, int to, int n) {
    // The first n are the sums; the n behind them are those of the innermost loop.
    double[] sums = Scratch.get().doubles(2 * n);
    Arrays.fill(sums, 0, n, 0.0);
    int rows = inner.inner() == 0 ? 0 : inner.rows();
    for (int row = 0; row < rows; row++) {
      Arrays.fill(sums, n, 2 * n, 0.0);
      int at = from + inner.start(0, row);
      for (int i = 0; i < inner.inner(); i++, at += inner.stride(0)) {
        term.add(xs, at, sums, n, n);
      }
      for (int j = 0; j < n; j++) {
        sums[j] += sums[n + j];
      }
    }
    for (int j = 0; j < n; j++) {
      os[to + j] = (float) sums[j];
    }
  }

  /** Adds a function of one row of n values to n running sums. */
  private interface Column {
    void add(float[] x, int at, float[] center, int centerAt, float[] sum, int to, int n);
  }

  private void addRow(float[] x, int at, float[] unused, int no, float[] sum, int to, int n) {
    kernels.zip(Op.Binary.ADD, sum, to, x, at, sum, to, n);
  }

  private void addSquares(float[] x, int at, float[] unused, int no, float[] sum, int to, int n) {
    kernels.zip(Op.Binary.ADD_PRODUCT, x, at, x, at, sum, to, n);
  }

  /** out[j] = factor * sum over rows of column(x[row, j]); everything contiguous. */
  private void columnSums(Tensor x, Column column, Tensor center, Tensor out, double factor) {
    int n = out.size();
    int rows = n == 0 ? 0 : x.size() / n;
    int parts = Math.clamp(rows / 512, 1, PARTS);
    if (partials.length < parts * n) {
      partials = new double[parts * n];
    }
    double[] sums = partials;
    float[] xs = x.storage().array();
    int base = x.layout().offset();
    float[] centers = center == null ? null : center.storage().array();
    int centerAt = center == null ? 0 : center.layout().offset();
    pool.run(
        parts,
        part -> {
          float[] shortSum = Scratch.get().floats(0, n);
          Arrays.fill(sums, part * n, part * n + n, 0.0);
          int end = (int) ((long) rows * (part + 1) / parts);
          for (int row = (int) ((long) rows * part / parts); row < end; row += SHORT_SUM) {
            Arrays.fill(shortSum, 0, n, 0f);
            int stop = Math.min(end, row + SHORT_SUM);
            for (int r = row; r < stop; r++) {
              column.add(xs, base + r * n, centers, centerAt, shortSum, 0, n);
            }
            for (int j = 0; j < n; j++) {
              sums[part * n + j] += shortSum[j];
            }
          }
        });
    float[] os = out.storage().array();
    int to = out.layout().offset();
    pool.runAlone(n, j -> os[to + j] = (float) (factor * Sums.of(sums, j, n, parts)));
  }

  void moments(Tensor x, Tensor mean, Tensor variance) {
    double factor = mean.size() == 0 || x.size() == 0 ? 0 : (double) mean.size() / x.size();
    columnSums(x, this::addRow, null, mean, factor);
    columnSums(x, kernels::addDeviations, mean, variance, factor);
  }

  /** Softmax over contiguous rows. */
  void softmax(Tensor x, float scale, Tensor out) {
    int n = x.rank() == 0 ? 1 : x.size(-1);
    int rows = n == 0 ? 0 : x.size() / n;
    float[] xs = x.storage().array();
    float[] os = out.storage().array();
    int xo = x.layout().offset();
    int oo = out.layout().offset();
    int batch = Math.max(1, 8192 / Math.max(1, n));
    pool.run(
        Math.ceilDiv(rows, batch),
        task -> {
          int end = (int) Math.min(rows, (task + 1L) * batch);
          for (int row = task * batch; row < end; row++) {
            int from = xo + row * n;
            int to = oo + row * n;
            float inverse = kernels.exponentials(xs, from, scale, os, to, n);
            kernels.map(Op.Unary.SCALE, os, to, inverse, os, to, n);
          }
        });
  }
}
