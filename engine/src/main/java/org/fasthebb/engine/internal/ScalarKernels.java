package org.fasthebb.engine.internal;

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
      int k,
      float[] a,
      int ao,
      int[] rows,
      int ro,
      float[] b,
      int bo,
      float[] c,
      int co,
      int rowStride) {
    for (int i = 0; i < MR; i++) {
      int row = co + i * rowStride;
      for (int p = 0; p < k; p++) {
        float x = a[ao + rows[ro + i] + p];
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
}
