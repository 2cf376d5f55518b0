package org.fasthebb.engine.internal.kernels;

/**
 * Computes the elements after the last whole vector by the operations that {@link VectorLoops} uses
 * in the vectors: the same fused multiply-adds in the same order, and the same polynomial for exp.
 * So equal numbers give equal bits at every place in an array, and neurons that start alike stay
 * alike. {@link ScalarKernels} multiplies and adds in two roundings, because a processor without a
 * fused multiply-add would need a hundred times as long. Its loops that have nothing to fuse are
 * inherited.
 */
final class VectorRest extends ScalarKernels {
  /** See {@link VectorLoops#exp}. */
  @Override
  public void exp(float[] x, int xo, float scale, float shift, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      float t = x[xo + i] * scale + shift;
      t = Math.min(Math.max(t, Exp.LEAST), Exp.MOST);
      float rounded = t * Exp.PER_LN2 + Exp.ROUNDS;
      float k = rounded - Exp.ROUNDS;
      float r = Math.fma(k, Exp.MINUS_LN2, t);
      r = Math.fma(k, Exp.MINUS_LN2_REST, r);
      float p = Exp.C6;
      p = Math.fma(p, r, Exp.C5);
      p = Math.fma(p, r, Exp.C4);
      p = Math.fma(p, r, Exp.C3);
      p = Math.fma(p, r, Exp.C2);
      p = Math.fma(p, r, Exp.C1);
      p = Math.fma(p, r * r, r) + 1f;
      int e = Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(Exp.ROUNDS);
      int half = e >> 1;
      float two1 = Float.intBitsToFloat((half + 127) << 23);
      float two2 = Float.intBitsToFloat((e - half + 127) << 23);
      y[yo + i] = p * two1 * two2;
    }
  }

  @Override
  public void combine(
      float[] x, int from, int step, int[] rows, float[] weights, int n, float[] y, int to) {
    int r0 = from + rows[0] * step;
    int r1 = from + rows[1] * step;
    int r2 = from + rows[2] * step;
    int r3 = from + rows[3] * step;
    for (int i = 0; i < n; i++) {
      float sum = x[r0 + i] * weights[0];
      sum = Math.fma(x[r1 + i], weights[1], sum);
      sum = Math.fma(x[r2 + i], weights[2], sum);
      y[to + i] = Math.fma(x[r3 + i], weights[3], sum);
    }
  }

  /** The channels lie in one panel, without gaps. */
  @Override
  public void transformInput(
      float[] d, int from, int step, int count, float[] y, int to, int plane, int apart) {
    float p = Filtering.P;
    float q = Filtering.Q;
    for (int i = 0; i < count; i++) {
      int r = from + i;
      int at = to + i;
      float d1 = d[r + step];
      float d2 = d[r + 2 * step];
      float d3 = d[r + 3 * step];
      float d4 = d[r + 4 * step];
      y[at] = Math.fma(d[r], Filtering.PRODUCT, Math.fma(d2, -Filtering.SUM, d4));
      y[at + 5 * plane] = d[r + 5 * step] + Math.fma(d1, Filtering.PRODUCT, d3 * -Filtering.SUM);
      float even = Math.fma(d2, -q * q, d4); // at +-P
      float odd = Math.fma(d1, -q * q, d3);
      y[at + plane] = Math.fma(odd, p, even);
      y[at + 2 * plane] = Math.fma(odd, -p, even);
      even = Math.fma(d2, -p * p, d4); // at +-Q
      odd = Math.fma(d1, -p * p, d3);
      y[at + 3 * plane] = Math.fma(odd, q, even);
      y[at + 4 * plane] = Math.fma(odd, -q, even);
    }
  }

  @Override
  public void transformProducts(
      float[] m, int from, int step, int count, int skip, float[] y, int to, int along) {
    float p = Filtering.P;
    float q = Filtering.Q;
    for (int i = 0; i < count; i++) {
      int r = from + i;
      int at = to + i;
      float even = m[r + step] + m[r + 2 * step];
      float evenQ = m[r + 3 * step] + m[r + 4 * step];
      float odd = (m[r + step] - m[r + 2 * step]) * p;
      float oddQ = (m[r + 3 * step] - m[r + 4 * step]) * q;
      if (skip == 0) {
        y[at] = m[r] + even + evenQ;
      }
      y[at + along] = odd + oddQ;
      y[at + 2 * along] = Math.fma(evenQ, q * q, even * (p * p));
      y[at + 3 * along] = Math.fma(oddQ, q * q, Math.fma(odd, p * p, m[r + 5 * step]));
    }
  }
}
