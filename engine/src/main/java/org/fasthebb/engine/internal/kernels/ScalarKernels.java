package org.fasthebb.engine.internal.kernels;

import org.fasthebb.engine.Op;

/** The specification of {@link Kernels} in plain Java, and the fallback where SIMD is absent. */
class ScalarKernels implements Kernels {
  private static final int MR = 4;
  private static final int NR = 8;

  @Override
  public String width() {
    return "scalar";
  }

  @Override
  public String name() {
    return "scalar, tile " + MR + "x" + NR;
  }

  @Override
  public int mr() {
    return MR;
  }

  @Override
  public int nr() {
    return NR;
  }

  @Override
  public void tile(
      int k,
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] c,
      int co,
      int rowStride) {
    for (int i = 0; i < MR; i++) {
      int row = co + i * rowStride;
      for (int p = 0; p < k; p++) {
        float x = a[ao + p * aStep + i];
        for (int j = 0; j < NR; j++) {
          c[row + j] += x * b[bo + p * bStep + j];
        }
      }
    }
  }

  @Override
  public void tileInPlace(
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
      int rowStride) {
    for (int i = 0; i < MR; i++) {
      int row = co + i * rowStride;
      for (int p = 0; p < runs * length; p++) {
        float x = a[ao + starts[so + p / length * length] + rows[ro + i] + p % length];
        for (int j = 0; j < NR; j++) {
          c[row + j] += x * b[bo + p * NR + j];
        }
      }
    }
  }

  @Override
  public void packRows(
      float[] src,
      int base,
      int[] offsets,
      int rows,
      Pieces pieces,
      int width,
      float[] dst,
      int to) {
    for (int r = 0; r < rows; r++) {
      pieces.copy(src, base + offsets[r], dst, to + r * width);
    }
  }

  @Override
  public void copyRows(
      float[] src, int base, int[] offsets, int rows, int count, float[] dst, int to, int step) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(src, base + offsets[r], dst, to + r * step, count);
    }
  }

  @Override
  public float sum(float[] a, int ao, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += a[ao + i];
    }
    return (float) sum;
  }

  @Override
  public float dot(float[] a, int ao, float[] b, int bo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) a[ao + i] * b[bo + i];
    }
    return (float) sum;
  }

  @Override
  public float max(float[] a, int ao, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, a[ao + i]);
    }
    return max;
  }

  @Override
  public void exp(float[] x, int xo, float scale, float shift, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) Math.exp(scale * x[xo + i] + shift);
    }
  }

  @Override
  public void map(Op.Unary op, float[] x, int xo, float p, float[] y, int yo, int n) {
    switch (op) {
      case COPY -> System.arraycopy(x, xo, y, yo, n);
      case FILL -> java.util.Arrays.fill(y, yo, yo + n, p);
      case ADD -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = x[xo + i] + p;
        }
      }
      case SCALE -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = x[xo + i] * p;
        }
      }
      case RELU -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = Math.max(x[xo + i], 0f);
        }
      }
      case SQUARE -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = x[xo + i] * x[xo + i];
        }
      }
      case SQRT -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = (float) Math.sqrt(x[xo + i]);
        }
      }
      case EXP -> exp(x, xo, 1f, 0f, y, yo, n);
      case LOG -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = (float) Math.log(x[xo + i]);
        }
      }
      case ZERO_TO_ONE -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = x[xo + i] == 0f ? 1f : x[xo + i];
        }
      }
    }
  }

  @Override
  public void zip(Op.Binary op, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = a[ao + i] + b[bo + i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = a[ao + i] - b[bo + i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = a[ao + i] * b[bo + i];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = a[ao + i] / b[bo + i];
        }
      }
      case MAX -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = Math.max(a[ao + i], b[bo + i]);
        }
      }
      case ADD_PRODUCT -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] += a[ao + i] * b[bo + i];
        }
      }
      case RELU_BACKWARD -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = b[bo + i] > 0f ? a[ao + i] : 0f;
        }
      }
    }
  }

  @Override
  public void affine(
      float[] x, int xo, float[] scale, int so, float[] shift, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] * scale[so + i] + shift[bo + i];
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
      y[to + i] =
          weights[0] * x[r0 + i]
              + weights[1] * x[r1 + i]
              + weights[2] * x[r2 + i]
              + weights[3] * x[r3 + i];
    }
  }

  @Override
  public void transformInput(
      float[] d, int from, int step, int count, float[] y, int to, int plane, int apart) {
    int width = nr();
    for (int i = 0; i < count; i++) {
      int r = from + i;
      float d1 = d[r + step];
      float d2 = d[r + 2 * step];
      float d3 = d[r + 3 * step];
      float d4 = d[r + 4 * step];
      float evenP = d4 - Filtering.Q * Filtering.Q * d2; // of the polynomials at +-P
      float oddP = Filtering.P * (d3 - Filtering.Q * Filtering.Q * d1);
      float evenQ = d4 - Filtering.P * Filtering.P * d2;
      float oddQ = Filtering.Q * (d3 - Filtering.P * Filtering.P * d1);
      int at = to + i / width * apart + i % width;
      y[at] = Filtering.PRODUCT * d[r] - Filtering.SUM * d2 + d4;
      y[at + plane] = evenP + oddP;
      y[at + 2 * plane] = evenP - oddP;
      y[at + 3 * plane] = evenQ + oddQ;
      y[at + 4 * plane] = evenQ - oddQ;
      y[at + 5 * plane] = Filtering.PRODUCT * d1 - Filtering.SUM * d3 + d[r + 5 * step];
    }
  }

  @Override
  public void transformErrors(
      float[] e, int from, int step, int count, float[] y, int to, int plane, int apart) {
    int width = mr();
    for (int i = 0; i < count; i++) {
      int r = from + i;
      float e0 = e[r];
      float e1 = e[r + step];
      float e2 = e[r + 2 * step];
      float e3 = e[r + 3 * step];
      float evenP = e0 + Filtering.P * Filtering.P * e2;
      float oddP = Filtering.P * (e1 + Filtering.P * Filtering.P * e3);
      float evenQ = e0 + Filtering.Q * Filtering.Q * e2;
      float oddQ = Filtering.Q * (e1 + Filtering.Q * Filtering.Q * e3);
      int at = to + i / width * apart + i % width;
      y[at] = e0;
      y[at + plane] = evenP + oddP;
      y[at + 2 * plane] = evenP - oddP;
      y[at + 3 * plane] = evenQ + oddQ;
      y[at + 4 * plane] = evenQ - oddQ;
      y[at + 5 * plane] = e3;
    }
  }

  @Override
  public void transformProducts(
      float[] m, int from, int step, int count, int skip, float[] y, int to, int along) {
    float p = Filtering.P;
    float q = Filtering.Q;
    for (int i = 0; i < count; i++) {
      int r = from + i;
      float sumP = m[r + step] + m[r + 2 * step];
      float differenceP = p * (m[r + step] - m[r + 2 * step]);
      float sumQ = m[r + 3 * step] + m[r + 4 * step];
      float differenceQ = q * (m[r + 3 * step] - m[r + 4 * step]);
      if (skip == 0) {
        y[to + i] = m[r] + sumP + sumQ;
      }
      y[to + along + i] = differenceP + differenceQ;
      y[to + 2 * along + i] = p * p * sumP + q * q * sumQ;
      y[to + 3 * along + i] = p * p * differenceP + q * q * differenceQ + m[r + 5 * step];
    }
  }

  @Override
  public void addDeviations(float[] x, int xo, float[] mean, int mo, float[] sum, int so, int n) {
    for (int i = 0; i < n; i++) {
      float d = x[xo + i] - mean[mo + i];
      sum[so + i] += d * d;
    }
  }

  @Override
  public void larger(
      float[] x, int xo, float index, float[] best, int bo, float[] winner, int wo, int n) {
    for (int i = 0; i < n; i++) {
      float value = x[xo + i];
      if (value > best[bo + i] || Float.isNaN(value)) {
        best[bo + i] = value;
        winner[wo + i] = index;
      }
    }
  }

  @Override
  public void descend(float[] w, int wo, float[] g, int go, float[] v, int vo, Descent how, int n) {
    for (int i = 0; i < n; i++) {
      float gradient = g[go + i] + how.decay() * w[wo + i];
      float velocity = how.momentum() * v[vo + i] + gradient;
      v[vo + i] = velocity;
      w[wo + i] -= how.rate() * (gradient + how.momentum() * velocity);
    }
  }

  @Override
  public void similarity(
      float[] y, int yo, float[] scale, int co, float inverseNorm, float[] s, int so, int n) {
    for (int i = 0; i < n; i++) {
      float projection = y[yo + i] * scale[co + i];
      float half = projection * inverseNorm * 0.5f + 0.5f;
      s[so + i] = half * half;
      y[yo + i] = Math.max(projection, 0f);
    }
  }

  @Override
  public void squares(
      float[] e, int eo, float factor, float[] sum, float[] sumOfSquares, int to, int n) {
    for (int i = 0; i < n; i++) {
      float r = e[eo + i] * factor;
      sum[to + i] += r;
      sumOfSquares[to + i] += r * r;
      e[eo + i] = r * r;
    }
  }
}
