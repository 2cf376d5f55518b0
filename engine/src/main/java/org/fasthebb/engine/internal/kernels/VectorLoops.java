package org.fasthebb.engine.internal.kernels;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.fasthebb.engine.Op;

/**
 * The loops of {@link Kernels} over contiguous values with the Vector API. The JIT compiler does
 * not vectorise plain loops over arrays that might overlap, and arrays with offsets might. {@link
 * VectorRest} computes what is left after the last whole vector.
 */
abstract class VectorLoops implements Kernels {
  /** Chosen by {@link KernelChoice#vectorBits}. */
  static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(KernelChoice.vectorBits()));

  static final int L = S.length();
  static final VectorRest REST = new VectorRest();

  // Each operation is a method of its own. One method with all of them exceeds the compiler's
  // limits, and it then keeps vectors on the heap: twenty times slower. The same can happen in two
  // more cases. One is a vector that a method of ours returns, since the compiler need not inline
  // that method. The other is calling a method on a vector that a loop carries from round to round,
  // since its class is known from a profile only, which may be missing. So such a vector is always
  // passed as an argument to a method of a vector that has just been loaded.

  /** Does whole vectors, and leaves to {@link VectorRest} what remains. */
  @Override
  public final void map(Op.Unary op, float[] x, int xo, float p, float[] y, int yo, int n) {
    int done =
        switch (op) {
          case ADD -> add(x, xo, p, y, yo, n);
          case SCALE -> scale(x, xo, p, y, yo, n);
          case RELU -> relu(x, xo, y, yo, n);
          case SQUARE -> square(x, xo, y, yo, n);
          case SQRT -> sqrt(x, xo, y, yo, n);
          case ZERO_TO_ONE -> zeroToOne(x, xo, y, yo, n);
          case EXP -> {
            exp(x, xo, 1f, 0f, y, yo, n);
            yield n;
          }
          case COPY, FILL, LOG -> 0;
        };
    REST.map(op, x, xo + done, p, y, yo + done, n - done);
  }

  private static int add(float[] x, int xo, float p, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, x, xo + i).add(p).intoArray(y, yo + i);
    }
    return i;
  }

  private static int scale(float[] x, int xo, float p, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, x, xo + i).mul(p).intoArray(y, yo + i);
    }
    return i;
  }

  private static int relu(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, x, xo + i).max(0f).intoArray(y, yo + i);
    }
    return i;
  }

  private static int square(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.mul(v).intoArray(y, yo + i);
    }
    return i;
  }

  private static int sqrt(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, x, xo + i).sqrt().intoArray(y, yo + i);
    }
    return i;
  }

  private static int zeroToOne(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.blend(1f, v.eq(0f)).intoArray(y, yo + i);
    }
    return i;
  }

  /** Does whole vectors, and leaves to {@link VectorRest} what remains. */
  @Override
  public final void zip(
      Op.Binary op, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int done =
        switch (op) {
          case ADD -> add(a, ao, b, bo, y, yo, n);
          case SUBTRACT -> subtract(a, ao, b, bo, y, yo, n);
          case MULTIPLY -> multiply(a, ao, b, bo, y, yo, n);
          case DIVIDE -> divide(a, ao, b, bo, y, yo, n);
          case MAX -> max(a, ao, b, bo, y, yo, n);
          case ADD_PRODUCT -> addProduct(a, ao, b, bo, y, yo, n);
          case RELU_BACKWARD -> reluBackward(a, ao, b, bo, y, yo, n);
        };
    REST.zip(op, a, ao + done, b, bo + done, y, yo + done, n - done);
  }

  private static int add(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, a, ao + i)
          .add(FloatVector.fromArray(S, b, bo + i))
          .intoArray(y, yo + i);
    }
    return i;
  }

  private static int subtract(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, a, ao + i)
          .sub(FloatVector.fromArray(S, b, bo + i))
          .intoArray(y, yo + i);
    }
    return i;
  }

  private static int multiply(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, a, ao + i)
          .mul(FloatVector.fromArray(S, b, bo + i))
          .intoArray(y, yo + i);
    }
    return i;
  }

  private static int divide(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, a, ao + i)
          .div(FloatVector.fromArray(S, b, bo + i))
          .intoArray(y, yo + i);
    }
    return i;
  }

  private static int max(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, a, ao + i)
          .max(FloatVector.fromArray(S, b, bo + i))
          .intoArray(y, yo + i);
    }
    return i;
  }

  private static int addProduct(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, a, ao + i)
          .mul(FloatVector.fromArray(S, b, bo + i))
          .add(FloatVector.fromArray(S, y, yo + i))
          .intoArray(y, yo + i);
    }
    return i;
  }

  private static int reluBackward(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector v = FloatVector.fromArray(S, a, ao + i);
      FloatVector.zero(S)
          .blend(v, FloatVector.fromArray(S, b, bo + i).compare(GT, 0f))
          .intoArray(y, yo + i);
    }
    return i;
  }

  @Override
  public final void affine(
      float[] x, int xo, float[] scale, int so, float[] shift, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector.fromArray(S, x, xo + i)
          .mul(FloatVector.fromArray(S, scale, so + i))
          .add(FloatVector.fromArray(S, shift, bo + i))
          .intoArray(y, yo + i);
    }
    REST.affine(x, xo + i, scale, so + i, shift, bo + i, y, yo + i, n - i);
  }

  @Override
  public final void addDeviations(
      float[] x, int xo, float[] mean, int mo, float[] sum, int so, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector d =
          FloatVector.fromArray(S, x, xo + i).sub(FloatVector.fromArray(S, mean, mo + i));
      d.mul(d).add(FloatVector.fromArray(S, sum, so + i)).intoArray(sum, so + i);
    }
    REST.addDeviations(x, xo + i, mean, mo + i, sum, so + i, n - i);
  }

  @Override
  public final void larger(
      float[] x, int xo, float index, float[] best, int bo, float[] winner, int wo, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector old = FloatVector.fromArray(S, best, bo + i);
      VectorMask<Float> larger = v.compare(GT, old).or(v.test(VectorOperators.IS_NAN));
      old.blend(v, larger).intoArray(best, bo + i);
      FloatVector.fromArray(S, winner, wo + i).blend(index, larger).intoArray(winner, wo + i);
    }
    REST.larger(x, xo + i, index, best, bo + i, winner, wo + i, n - i);
  }

  @Override
  public final void descend(
      float[] w, int wo, float[] g, int go, float[] v, int vo, Descent how, int n) {
    float rate = how.rate();
    float momentum = how.momentum();
    float decay = how.decay();
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector weight = FloatVector.fromArray(S, w, wo + i);
      FloatVector gradient = weight.mul(decay).add(FloatVector.fromArray(S, g, go + i));
      FloatVector velocity = FloatVector.fromArray(S, v, vo + i).mul(momentum).add(gradient);
      velocity.intoArray(v, vo + i);
      weight.sub(velocity.mul(momentum).add(gradient).mul(rate)).intoArray(w, wo + i);
    }
    REST.descend(w, wo + i, g, go + i, v, vo + i, how, n - i);
  }

  @Override
  public final void similarity(
      float[] y, int yo, float[] scale, int co, float inverseNorm, float[] s, int so, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector projection =
          FloatVector.fromArray(S, y, yo + i).mul(FloatVector.fromArray(S, scale, co + i));
      FloatVector half = projection.mul(inverseNorm).mul(0.5f).add(0.5f);
      half.mul(half).intoArray(s, so + i);
      projection.max(0f).intoArray(y, yo + i);
    }
    REST.similarity(y, yo + i, scale, co + i, inverseNorm, s, so + i, n - i);
  }

  /**
   * {@link #similarity} and {@link #exp} in one pass. No power of two is too large or too small
   * here. The polynomial stands here again because a method that took vectors might be compiled
   * alone, with its vectors boxed; see {@link #sum(float[], int, float[], int, int)}.
   */
  @Override
  public final void numerators(
      float[] y,
      int yo,
      float[] scale,
      int co,
      float inverseNorm,
      float sharpness,
      float[] e,
      int eo,
      int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector projection =
          FloatVector.fromArray(S, y, yo + i).mul(FloatVector.fromArray(S, scale, co + i));
      FloatVector half = projection.mul(inverseNorm).mul(0.5f).add(0.5f);
      projection.max(0f).intoArray(y, yo + i);
      FloatVector t = half.mul(half).mul(sharpness);
      FloatVector rounded = t.mul(Exp.PER_LN2).add(Exp.ROUNDS);
      FloatVector k = rounded.sub(Exp.ROUNDS);
      FloatVector r = k.fma(FloatVector.broadcast(S, Exp.MINUS_LN2), t);
      r = k.fma(FloatVector.broadcast(S, Exp.MINUS_LN2_REST), r);
      FloatVector p = FloatVector.broadcast(S, Exp.C6);
      p = p.fma(r, FloatVector.broadcast(S, Exp.C5));
      p = p.fma(r, FloatVector.broadcast(S, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(S, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(S, Exp.C2));
      p = p.fma(r, FloatVector.broadcast(S, Exp.C1));
      p = p.fma(r.mul(r), r).add(1f);
      IntVector exponent = rounded.reinterpretAsInts().sub(Exp.ROUNDED_1);
      p.mul(exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats()).intoArray(e, eo + i);
    }
    REST.numerators(y, yo + i, scale, co + i, inverseNorm, sharpness, e, eo + i, n - i);
  }

  @Override
  public final void squares(
      float[] e, int eo, float factor, float[] sum, float[] sumOfSquares, int to, int n) {
    int i = 0;
    for (int last = n - L; i <= last; i += L) {
      FloatVector r = FloatVector.fromArray(S, e, eo + i).mul(factor);
      FloatVector r2 = r.mul(r);
      r.add(FloatVector.fromArray(S, sum, to + i)).intoArray(sum, to + i);
      r2.add(FloatVector.fromArray(S, sumOfSquares, to + i)).intoArray(sumOfSquares, to + i);
      r2.intoArray(e, eo + i);
    }
    REST.squares(e, eo + i, factor, sum, sumOfSquares, to + i, n - i);
  }

  /** Lane i exchanged with lane i ^ 8, 4, 2 and 1, where there are so many lanes. */
  private static final VectorShuffle<Float> BY_8 = exchange(8);

  private static final VectorShuffle<Float> BY_4 = exchange(4);
  private static final VectorShuffle<Float> BY_2 = exchange(2);
  private static final VectorShuffle<Float> BY_1 = exchange(1);

  private static VectorShuffle<Float> exchange(int distance) {
    return VectorShuffle.fromOp(S, i -> (i ^ distance) % L);
  }

  @Override
  public final float sum(float[] a, int ao, int n) {
    return sum(a, ao, null, 0, n);
  }

  @Override
  public final float dot(float[] a, int ao, float[] b, int bo, int n) {
    return sum(a, ao, b, bo, n);
  }

  /**
   * The sum of a[i], or of a[i] b[i]. Lanes are added in a fixed order: {@code reduceLanes} leaves
   * it open, and adds otherwise before the JIT compiler has seen it than after, so that a run would
   * not repeat itself. They are added here, not in a method of their own, because a method that
   * takes a vector may be compiled alone, is too big to be inlined then, and has its vector boxed.
   */
  private static float sum(float[] a, int ao, float[] b, int bo, int n) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    int i = 0;
    if (b == null) {
      for (int limit = n - 4 * L; i <= limit; i += 4 * L) {
        s0 = FloatVector.fromArray(S, a, ao + i).add(s0);
        s1 = FloatVector.fromArray(S, a, ao + i + L).add(s1);
        s2 = FloatVector.fromArray(S, a, ao + i + 2 * L).add(s2);
        s3 = FloatVector.fromArray(S, a, ao + i + 3 * L).add(s3);
      }
      for (int limit = n - L; i <= limit; i += L) {
        s0 = FloatVector.fromArray(S, a, ao + i).add(s0);
      }
    } else {
      for (int limit = n - 4 * L; i <= limit; i += 4 * L) {
        int p = ao + i;
        int q = bo + i;
        s0 = FloatVector.fromArray(S, a, p).fma(FloatVector.fromArray(S, b, q), s0);
        s1 = FloatVector.fromArray(S, a, p + L).fma(FloatVector.fromArray(S, b, q + L), s1);
        s2 = FloatVector.fromArray(S, a, p + 2 * L).fma(FloatVector.fromArray(S, b, q + 2 * L), s2);
        s3 = FloatVector.fromArray(S, a, p + 3 * L).fma(FloatVector.fromArray(S, b, q + 3 * L), s3);
      }
      for (int limit = n - L; i <= limit; i += L) {
        s0 = FloatVector.fromArray(S, a, ao + i).fma(FloatVector.fromArray(S, b, bo + i), s0);
      }
    }
    FloatVector v = s0.add(s1).add(s2.add(s3));
    if (L >= 16) {
      v = v.add(v.rearrange(BY_8));
    }
    if (L >= 8) {
      v = v.add(v.rearrange(BY_4));
    }
    v = v.add(v.rearrange(BY_2));
    v = v.add(v.rearrange(BY_1));
    float sum = v.lane(0);
    for (; i < n; i++) {
      sum += b == null ? a[ao + i] : a[ao + i] * b[bo + i];
    }
    return sum;
  }

  @Override
  public final float max(float[] a, int ao, int n) {
    FloatVector m = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (int limit = n - L; i <= limit; i += L) {
      m = FloatVector.fromArray(S, a, ao + i).max(m);
    }
    float max = m.reduceLanes(MAX);
    for (; i < n; i++) {
      max = Math.max(max, a[ao + i]);
    }
    return max;
  }

  /** See {@link Exp}; {@link VectorRest} has the same operations. */
  @Override
  public final void exp(float[] x, int xo, float scale, float shift, float[] y, int yo, int n) {
    int i = 0;
    for (int limit = n - L; i <= limit; i += L) {
      FloatVector t = FloatVector.fromArray(S, x, xo + i).mul(scale).add(shift);
      t = t.max(Exp.LEAST).min(Exp.MOST);
      FloatVector rounded = t.mul(Exp.PER_LN2).add(Exp.ROUNDS);
      FloatVector k = rounded.sub(Exp.ROUNDS);
      FloatVector r = k.fma(FloatVector.broadcast(S, Exp.MINUS_LN2), t);
      r = k.fma(FloatVector.broadcast(S, Exp.MINUS_LN2_REST), r);
      FloatVector p = FloatVector.broadcast(S, Exp.C6);
      p = p.fma(r, FloatVector.broadcast(S, Exp.C5));
      p = p.fma(r, FloatVector.broadcast(S, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(S, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(S, Exp.C2));
      p = p.fma(r, FloatVector.broadcast(S, Exp.C1));
      p = p.fma(r.mul(r), r).add(1f);
      // 2^k in two halves, so that results below the normal range come out as denormals.
      IntVector e = rounded.reinterpretAsInts().sub(Float.floatToRawIntBits(Exp.ROUNDS));
      IntVector half = e.lanewise(VectorOperators.ASHR, 1);
      FloatVector two1 = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector two2 =
          e.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      p.mul(two1).mul(two2).intoArray(y, yo + i);
    }
    REST.exp(x, xo + i, scale, shift, y, yo + i, n - i);
  }
}
