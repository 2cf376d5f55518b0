package org.fasthebb.engine.internal.kernels;

import jdk.incubator.vector.FloatVector;

/** The transforms of {@link Filtering} with the Vector API. */
abstract class VectorTransforms extends VectorLoops {
  /** Rows of the register tile. */
  static final int MR = 12;

  /** Columns of the register tile. */
  static final int NR = 2 * L;

  private static final float P = Filtering.P;
  private static final float Q = Filtering.Q;

  @Override
  public final void combine(
      float[] x, int from, int step, int[] rows, float[] weights, int n, float[] y, int to) {
    int r0 = from + rows[0] * step;
    int r1 = from + rows[1] * step;
    int r2 = from + rows[2] * step;
    int r3 = from + rows[3] * step;
    FloatVector w0 = FloatVector.broadcast(S, weights[0]);
    FloatVector w1 = FloatVector.broadcast(S, weights[1]);
    FloatVector w2 = FloatVector.broadcast(S, weights[2]);
    FloatVector w3 = FloatVector.broadcast(S, weights[3]);
    int whole = S.loopBound(n);
    for (int i = 0; i < whole; i += L) {
      FloatVector sum = FloatVector.fromArray(S, x, r0 + i).mul(w0);
      sum = FloatVector.fromArray(S, x, r1 + i).fma(w1, sum);
      sum = FloatVector.fromArray(S, x, r2 + i).fma(w2, sum);
      FloatVector.fromArray(S, x, r3 + i).fma(w3, sum).intoArray(y, to + i);
    }
    REST.combine(x, from + whole, step, rows, weights, n - whole, y, to + whole);
  }

  @Override
  public final void transformInput(
      float[] d, int from, int step, int count, float[] y, int to, int plane, int apart) {
    int whole = count / NR * NR;
    int at = to;
    for (int i = 0; i < whole; i += L) {
      int r = from + i;
      FloatVector d1 = FloatVector.fromArray(S, d, r + step);
      FloatVector d2 = FloatVector.fromArray(S, d, r + 2 * step);
      FloatVector d3 = FloatVector.fromArray(S, d, r + 3 * step);
      FloatVector d4 = FloatVector.fromArray(S, d, r + 4 * step);
      FloatVector product = FloatVector.broadcast(S, Filtering.PRODUCT);
      FloatVector sum = FloatVector.broadcast(S, -Filtering.SUM);
      FloatVector.fromArray(S, d, r).fma(product, d2.fma(sum, d4)).intoArray(y, at);
      FloatVector.fromArray(S, d, r + 5 * step)
          .add(d1.fma(product, d3.mul(sum)))
          .intoArray(y, at + 5 * plane);
      FloatVector even = d2.fma(FloatVector.broadcast(S, -Q * Q), d4); // at +-P
      FloatVector odd = d1.fma(FloatVector.broadcast(S, -Q * Q), d3);
      odd.fma(FloatVector.broadcast(S, P), even).intoArray(y, at + plane);
      odd.fma(FloatVector.broadcast(S, -P), even).intoArray(y, at + 2 * plane);
      even = d2.fma(FloatVector.broadcast(S, -P * P), d4); // at +-Q
      odd = d1.fma(FloatVector.broadcast(S, -P * P), d3);
      odd.fma(FloatVector.broadcast(S, Q), even).intoArray(y, at + 3 * plane);
      odd.fma(FloatVector.broadcast(S, -Q), even).intoArray(y, at + 4 * plane);
      at += (i & L) == 0 ? L : apart - L; // a panel is two vectors wide
    }
    // The rest lies in one panel, without gaps.
    REST.transformInput(d, from + whole, step, count - whole, y, at, plane, apart);
  }

  @Override
  public final void transformErrors(
      float[] e, int from, int step, int count, float[] y, int to, int plane, int apart) {
    int width = MR;
    int panels = Math.ceilDiv(count, width);
    for (int panel = 0; panel < panels; panel++) {
      int start = from + panel * width;
      int place = to + panel * apart;
      for (int i = 0; i < width; i += L) {
        int r = start + i;
        int at = place + i;
        FloatVector e0 = FloatVector.fromArray(S, e, r);
        FloatVector e1 = FloatVector.fromArray(S, e, r + step);
        FloatVector e2 = FloatVector.fromArray(S, e, r + 2 * step);
        FloatVector e3 = FloatVector.fromArray(S, e, r + 3 * step);
        e0.intoArray(y, at);
        e3.intoArray(y, at + 5 * plane);
        FloatVector even = e2.fma(FloatVector.broadcast(S, P * P), e0);
        FloatVector odd = e3.fma(FloatVector.broadcast(S, P * P), e1);
        odd.fma(FloatVector.broadcast(S, P), even).intoArray(y, at + plane);
        odd.fma(FloatVector.broadcast(S, -P), even).intoArray(y, at + 2 * plane);
        even = e2.fma(FloatVector.broadcast(S, Q * Q), e0);
        odd = e3.fma(FloatVector.broadcast(S, Q * Q), e1);
        odd.fma(FloatVector.broadcast(S, Q), even).intoArray(y, at + 3 * plane);
        odd.fma(FloatVector.broadcast(S, -Q), even).intoArray(y, at + 4 * plane);
      }
    }
  }

  @Override
  public final void transformProducts(
      float[] m, int from, int step, int count, int skip, float[] y, int to, int along) {
    int whole = S.loopBound(count);
    for (int i = 0; i < whole; i += L) {
      int r = from + i;
      int at = to + i;
      FloatVector m1 = FloatVector.fromArray(S, m, r + step);
      FloatVector m2 = FloatVector.fromArray(S, m, r + 2 * step);
      FloatVector m3 = FloatVector.fromArray(S, m, r + 3 * step);
      FloatVector m4 = FloatVector.fromArray(S, m, r + 4 * step);
      FloatVector even = m1.add(m2);
      FloatVector evenQ = m3.add(m4);
      FloatVector odd = m1.sub(m2).mul(FloatVector.broadcast(S, P));
      FloatVector oddQ = m3.sub(m4).mul(FloatVector.broadcast(S, Q));
      if (skip == 0) {
        FloatVector.fromArray(S, m, r).add(even).add(evenQ).intoArray(y, at);
      }
      odd.add(oddQ).intoArray(y, at + along);
      even = even.mul(FloatVector.broadcast(S, P * P));
      evenQ.fma(FloatVector.broadcast(S, Q * Q), even).intoArray(y, at + 2 * along);
      odd = odd.fma(FloatVector.broadcast(S, P * P), FloatVector.fromArray(S, m, r + 5 * step));
      oddQ.fma(FloatVector.broadcast(S, Q * Q), odd).intoArray(y, at + 3 * along);
    }
    REST.transformProducts(m, from + whole, step, count - whole, skip, y, to + whole, along);
  }
}
