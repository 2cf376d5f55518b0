package org.fasthebb.engine.internal;

import org.fasthebb.engine.Op;

/**
 * The inner loops whose best form depends on the processor. {@link ScalarKernels} says in plain
 * Java what each computes; {@link VectorKernels} computes the same with the Vector API. Arguments
 * are trusted: callers have checked them.
 */
public interface Kernels {
  /** For example "vector 512 bit, tile 12x32". */
  String name();

  /** Rows of the register tile of {@link #tile}. */
  int mr();

  /** Columns of the register tile of {@link #tile}. */
  int nr();

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
   * As {@link #tile}, with a read where it lies, in runs of {@code length} values of k: {@code
   * c[i][j] += sum_up a[ao + starts[so + u length] + rows[ro + i] + p] b[u length + p][j]}.
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

  /** sum of a[i]. */
  float sum(float[] a, int ao, int n);

  /** sum of a[i] b[i]. */
  float dot(float[] a, int ao, float[] b, int bo, int n);

  /** Largest a[i]; minus infinity for n = 0. */
  float max(float[] a, int ao, int n);

  /**
   * y[i] = exp(scale * x[i] + shift), relative error below 2e-7 where the result is normal; below
   * that to the nearest denormal or 0, above it infinity.
   */
  void exp(float[] x, int xo, float scale, float shift, float[] y, int yo, int n);

  /** y = op(x), element by element; y may be x. */
  void map(Op.Unary op, float[] x, int xo, float p, float[] y, int yo, int n);

  /** y = a op b, element by element; y may be a or b. */
  void zip(Op.Binary op, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /**
   * Four elements of a tile of {@link Winograd}'s inputs, of {@code count} channels. With u_j = d[a
   * + j along] + p d[b + j along] they are u0 - u2, u1 + u2, u2 - u1 and u3 - u1; element j goes to
   * y[yo + j plane], in panels of {@link #nr} channels that are {@code apart} from each other.
   *
   * @param p either 1 or -1
   */
  void transformInput(
      float[] d,
      int a,
      int b,
      int along,
      float p,
      int count,
      float[] y,
      int yo,
      int plane,
      int apart);

  /**
   * Four elements of a tile of {@link Winograd}'s errors, of {@code count} neurons. With r_j = (e[a
   * + j along] + p e[b + j along]) scale they are r0, r0 + r1, r0 - r1 and r1; element j goes to
   * y[yo + j plane], in panels of {@link #mr} neurons that are {@code apart} from each other. Up to
   * {@link #nr} values after each panel's row may be overwritten.
   *
   * @param p either 1 or -1
   */
  void transformErrors(
      float[] e,
      int a,
      int b,
      int along,
      float p,
      float scale,
      int count,
      float[] y,
      int yo,
      int plane,
      int apart);

  /**
   * The 2 x 2 outputs of a tile of {@link Winograd}'s, A^T m A, of {@code count} neurons: element
   * (i, j) of m is at m[mo + (4 i + j) plane], output (i, j) goes to y[yo + i down + j along].
   */
  void transformProducts(
      float[] m, int mo, int plane, int count, float[] y, int yo, int down, int along);

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
   * One row of soft-WTA before its softmax: y = y scale, s = ((1 + y inverseNorm) / 2)^2 and then y
   * = max(0, y).
   */
  void similarity(
      float[] y, int yo, float[] scale, int co, float inverseNorm, float[] s, int so, int n);

  /**
   * One row of soft-WTA after it: r = factor e is added to sum, r^2 to sumOfSquares, both from to
   * on; e = r^2.
   */
  void squares(float[] e, int eo, float factor, float[] sum, float[] sumOfSquares, int to, int n);
}
