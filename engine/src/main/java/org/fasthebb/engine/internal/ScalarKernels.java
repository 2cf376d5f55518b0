package org.fasthebb.engine.internal;

import org.fasthebb.engine.Op;

/** The specification of {@link Kernels} in plain Java, and the fallback where SIMD is absent. */
final class ScalarKernels implements Kernels {
  private static final int MR = 4;
  private static final int NR = 8;

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
  public void tile(int k, float[] a, int ao, float[] b, int bo, float[] c, int co, int rowStride) {
    for (int i = 0; i < MR; i++) {
      int row = co + i * rowStride;
      for (int p = 0; p < k; p++) {
        float x = a[ao + p * MR + i];
        for (int j = 0; j < NR; j++) {
          c[row + j] += x * b[bo + p * NR + j];
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
      float[] src, int base, int[] offsets, int rows, int count, int width, float[] dst, int to) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < count; i++) {
        dst[to + (i / width * rows + r) * width + i % width] = src[base + offsets[r] + i];
      }
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
      case NONZERO -> {
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
      case GATE -> {
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
      float[] x, int a, int b, int c, int d, float p, float q, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[a + i] + p * x[b + i] + q * (x[c + i] + p * x[d + i]);
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
