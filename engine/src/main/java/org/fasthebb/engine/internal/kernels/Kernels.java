package org.fasthebb.engine.internal.kernels;

import org.fasthebb.engine.Op;

/**
 * The inner loops whose best form depends on the processor. {@link ScalarKernels} specifies each of
 * them in plain Java; {@link VectorKernels} computes the same with the Vector API. Kernels do not
 * check arguments: their callers have done so.
 */
public interface Kernels {
  /** For example "vector 512 bit, tile 12x32". */
  String name();

  /** The width of vectors in bits, which decides on the order of sums, or {@code scalar}. */
  String width();

  /** Rows of the register tile of {@link #tile}. */
  int mr();

  /** Columns of the register tile of {@link #tile}. */
  int nr();

  /**
   * {@link #tile} may read an operand where it lies, row by row, if the other operand has at most
   * this many rows or columns. Each value is then used so few times that packing it would cost
   * more.
   */
  default int fewInRows() {
    return 384;
  }

  /**
   * One register tile of a matrix product: {@code c[i][j] += sum_p a[ao + p aStep + i] b[bo + p
   * bStep + j]} for i below {@link #mr}, j below {@link #nr}, p below k.
   *
   * @param aStep distance between rows of a; of a packed panel {@link #mr}
   * @param bStep distance between rows of b; of a packed panel {@link #nr}
   */
  void tile(
      int k,
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] c,
      int co,
      int rowStride);

  /**
   * As {@link #tile}, but a is read in place, in runs of {@code length} values of k: {@code c[i][j]
   * += sum_up a[ao + starts[so + u length] + rows[ro + i] + p] b[u length + p][j]}.
   */
  void tileInPlace(
      int runs,
      int length,
      float[] a,
      int ao,
      int[] starts,
      int so,
      int[] rows,
      int ro,
      float[] b,
      int bo,
      float[] c,
      int co,
      int rowStride);

  /**
   * Packs {@code rows} rows, the first at src[base + offsets[r]], into panels of {@code width}
   * columns, {@link #mr} or {@link #nr}: dst[to + r * width + targets[i] + j] = src[base +
   * offsets[r] + starts[i] + j], with the starts and targets of the pieces.
   *
   * @param pieces of whole panels, one after the other
   */
  void packRows(
      float[] src,
      int base,
      int[] offsets,
      int rows,
      Pieces pieces,
      int width,
      float[] dst,
      int to);

  /**
   * Copies {@code rows} rows of {@code count} neighbours: dst[to + r * step + i] = src[base +
   * offsets[r] + i].
   */
  void copyRows(
      float[] src, int base, int[] offsets, int rows, int count, float[] dst, int to, int step);

  /** Sum of a[i]. */
  float sum(float[] a, int ao, int n);

  /** Sum of a[i] b[i]. */
  float dot(float[] a, int ao, float[] b, int bo, int n);

  /** Largest a[i]; minus infinity for n = 0. */
  float max(float[] a, int ao, int n);

  /**
   * y[i] = exp(scale * x[i] + shift), with a relative error below 2e-7 where the result is a normal
   * float. Smaller results are rounded to a denormal or 0, larger ones are infinite.
   */
  void exp(float[] x, int xo, float scale, float shift, float[] y, int yo, int n);

  /** y = op(x), element by element; y may be x. */
  void map(Op.Unary op, float[] x, int xo, float p, float[] y, int yo, int n);

  /** y = a op b, element by element; y may be a or b. */
  void zip(Op.Binary op, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /**
   * y[i] = sum_t weights[t] x[from + rows[t] step + i], the sum of four terms; y must not overlap
   * x.
   */
  void combine(
      float[] x, int from, int step, int[] rows, float[] weights, int n, float[] y, int to);

  /**
   * B^T d for {@link Filtering}, of {@code count} channels: d_j is at d[from + j step], element j
   * of the result goes to y[to + j plane], in panels of {@link #nr} channels that are {@code apart}
   * from each other.
   */
  void transformInput(
      float[] d, int from, int step, int count, float[] y, int to, int plane, int apart);

  /**
   * A e for {@link Filtering}, of {@code count} neurons: e_j is at e[from + j step], element j of
   * the result goes to y[to + j plane], in panels of {@link #mr} neurons that are {@code apart}
   * from each other. Up to {@link #nr} values after each panel's row may be overwritten, and as
   * many after the last e must exist, since they may be read.
   */
  void transformErrors(
      float[] e, int from, int step, int count, float[] y, int to, int plane, int apart);

  /**
   * A^T m for {@link Filtering}, of {@code count} neurons: m_j is at m[from + j step], element j of
   * the result goes to y[to + j along], except for element 0 where {@code skip} is 1.
   */
  void transformProducts(
      float[] m, int from, int step, int count, int skip, float[] y, int to, int along);

  /** y = x scale + shift, element by element; y may be x. */
  void affine(
      float[] x, int xo, float[] scale, int so, float[] shift, int bo, float[] y, int yo, int n);

  /** sum[i] += (x[i] - mean[i])^2. */
  void addDeviations(float[] x, int xo, float[] mean, int mo, float[] sum, int so, int n);

  /** Where x is larger than best, or NaN: best = x and winner = index. */
  void larger(float[] x, int xo, float index, float[] best, int bo, float[] winner, int wo, int n);

  /** Settings of {@link #descend}. */
  record Descent(float rate, float momentum, float decay) {}

  /** g' = g + decay w, v = momentum v + g', w = w - rate (g' + momentum v). */
  void descend(float[] w, int wo, float[] g, int go, float[] v, int vo, Descent how, int n);

  /**
   * The numerators of softmax over scale x, y = exp(scale (x[i] - max x)); y may be x.
   *
   * @return one over their sum, the denominator
   */
  default float exponentials(float[] x, int xo, float scale, float[] y, int yo, int n) {
    float max = max(x, xo, n);
    exp(x, xo, scale, -scale * max, y, yo, n);
    return 1f / sum(y, yo, n);
  }

  /**
   * What soft-WTA does to a row before its softmax: y = y scale, s = ((1 + y inverseNorm) / 2)^2
   * and then y = max(0, y).
   */
  void similarity(
      float[] y, int yo, float[] scale, int co, float inverseNorm, float[] s, int so, int n);

  /**
   * The numerators of soft-WTA's softmax, e = exp(sharpness s) with {@link #similarity}'s s, which
   * is from 0 to 1.
   *
   * @param sharpness 0 to 64, so that nothing overflows without subtracting the largest value
   */
  default void numerators(
      float[] y,
      int yo,
      float[] scale,
      int co,
      float inverseNorm,
      float sharpness,
      float[] e,
      int eo,
      int n) {
    similarity(y, yo, scale, co, inverseNorm, e, eo, n);
    exp(e, eo, sharpness, 0, e, eo, n);
  }

  /**
   * What soft-WTA does to a row after its softmax: r = factor e is added to sum, and r^2 to
   * sumOfSquares, both from index {@code to} on; then e = r^2.
   */
  void squares(float[] e, int eo, float factor, float[] sum, float[] sumOfSquares, int to, int n);
}
