package org.fasthebb.engine.internal;

import jdk.incubator.vector.FloatVector;

/** The transforms of {@link Winograd} with the Vector API, each a loop of its own. */
abstract class VectorTransforms extends VectorLoops {
  /** Columns of the register tile. */
  static final int NR = 2 * L;

  @Override
  public final void transformInput(
      float[] d,
      int a,
      int b,
      int along,
      float p,
      int count,
      float[] y,
      int yo,
      int plane,
      int apart) {
    FloatVector ps = FloatVector.broadcast(S, p);
    int whole = count / NR * NR;
    int at = yo;
    for (int i = 0; i < whole; i += L) {
      int from = a + i;
      int other = b + i;
      FloatVector u0 =
          FloatVector.fromArray(S, d, other).fma(ps, FloatVector.fromArray(S, d, from));
      from += along;
      other += along;
      FloatVector u1 =
          FloatVector.fromArray(S, d, other).fma(ps, FloatVector.fromArray(S, d, from));
      from += along;
      other += along;
      FloatVector u2 =
          FloatVector.fromArray(S, d, other).fma(ps, FloatVector.fromArray(S, d, from));
      from += along;
      other += along;
      FloatVector u3 =
          FloatVector.fromArray(S, d, other).fma(ps, FloatVector.fromArray(S, d, from));
      u0.sub(u2).intoArray(y, at);
      u1.add(u2).intoArray(y, at + plane);
      u2.sub(u1).intoArray(y, at + 2 * plane);
      u3.sub(u1).intoArray(y, at + 3 * plane);
      at += (i & L) == 0 ? L : apart - L; // a panel is two vectors wide
    }
    // The rest lies in one panel, without gaps.
    int rest = count - whole;
    REST.transformInput(d, a + whole, b + whole, along, p, rest, y, at, plane, REST.nr());
  }

  @Override
  public final void transformErrors(
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
      int apart) {
    int width = mr();
    int panels = Math.ceilDiv(count, width);
    FloatVector ps = FloatVector.broadcast(S, p);
    FloatVector scales = FloatVector.broadcast(S, scale);
    for (int panel = 0; panel < panels; panel++) {
      int start = panel * width;
      if (Math.max(a, b) + along + start + width + L > e.length) { // the array may end in a vector
        int valid = Math.min(width, count - start);
        int to = yo + panel * apart;
        REST.transformErrors(
            e, a + start, b + start, along, p, scale, valid, y, to, plane, REST.mr());
        continue;
      }
      for (int i = 0; i < width; i += L) {
        int from = start + i;
        int at = yo + panel * apart + i;
        FloatVector r0 =
            FloatVector.fromArray(S, e, b + from)
                .fma(ps, FloatVector.fromArray(S, e, a + from))
                .mul(scales);
        FloatVector r1 =
            FloatVector.fromArray(S, e, b + along + from)
                .fma(ps, FloatVector.fromArray(S, e, a + along + from))
                .mul(scales);
        r0.intoArray(y, at);
        r0.add(r1).intoArray(y, at + plane);
        r0.sub(r1).intoArray(y, at + 2 * plane);
        r1.intoArray(y, at + 3 * plane);
      }
    }
  }

  @Override
  public final void transformProducts(
      float[] m, int mo, int plane, int count, float[] y, int yo, int down, int along) {
    int whole = S.loopBound(count);
    for (int k = 0; k < 2; k++) {
      FloatVector signs = FloatVector.broadcast(S, k == 0 ? 1f : -1f);
      for (int i = 0; i < whole; i += L) {
        int from = mo + i + 4 * k * plane;
        FloatVector t0 =
            FloatVector.fromArray(S, m, from + 4 * plane)
                .fma(signs, FloatVector.fromArray(S, m, from))
                .add(FloatVector.fromArray(S, m, from + 8 * plane));
        from += plane;
        FloatVector t1 =
            FloatVector.fromArray(S, m, from + 4 * plane)
                .fma(signs, FloatVector.fromArray(S, m, from))
                .add(FloatVector.fromArray(S, m, from + 8 * plane));
        from += plane;
        FloatVector t2 =
            FloatVector.fromArray(S, m, from + 4 * plane)
                .fma(signs, FloatVector.fromArray(S, m, from))
                .add(FloatVector.fromArray(S, m, from + 8 * plane));
        from += plane;
        FloatVector t3 =
            FloatVector.fromArray(S, m, from + 4 * plane)
                .fma(signs, FloatVector.fromArray(S, m, from))
                .add(FloatVector.fromArray(S, m, from + 8 * plane));
        t0.add(t1).add(t2).intoArray(y, yo + k * down + i);
        t1.sub(t2).add(t3).intoArray(y, yo + k * down + along + i);
      }
    }
    REST.transformProducts(m, mo + whole, plane, count - whole, y, yo + whole, down, along);
  }
}
