package org.fasthebb.engine.internal.kernels;

import jdk.incubator.vector.FloatVector;

/**
 * {@link Kernels} with a tile of twelve rows by two vectors: 24 of 32 registers hold sums. They are
 * 24 local variables, since the JIT compiler would put vectors of an array on the heap.
 */
final class MicroKernel12x2 extends VectorKernels {
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
      int ld) {
    FloatVector c00 = FloatVector.zero(S);
    FloatVector c01 = FloatVector.zero(S);
    FloatVector c10 = FloatVector.zero(S);
    FloatVector c11 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S);
    FloatVector c21 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S);
    FloatVector c31 = FloatVector.zero(S);
    FloatVector c40 = FloatVector.zero(S);
    FloatVector c41 = FloatVector.zero(S);
    FloatVector c50 = FloatVector.zero(S);
    FloatVector c51 = FloatVector.zero(S);
    FloatVector c60 = FloatVector.zero(S);
    FloatVector c61 = FloatVector.zero(S);
    FloatVector c70 = FloatVector.zero(S);
    FloatVector c71 = FloatVector.zero(S);
    FloatVector c80 = FloatVector.zero(S);
    FloatVector c81 = FloatVector.zero(S);
    FloatVector c90 = FloatVector.zero(S);
    FloatVector c91 = FloatVector.zero(S);
    FloatVector c100 = FloatVector.zero(S);
    FloatVector c101 = FloatVector.zero(S);
    FloatVector c110 = FloatVector.zero(S);
    FloatVector c111 = FloatVector.zero(S);
    for (int p = 0; p < k; p++) {
      int q = bo + p * bStep;
      int r = ao + p * aStep;
      FloatVector b0 = FloatVector.fromArray(S, b, q);
      FloatVector b1 = FloatVector.fromArray(S, b, q + L);
      FloatVector x = FloatVector.broadcast(S, a[r]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(S, a[r + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(S, a[r + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(S, a[r + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(S, a[r + 4]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(S, a[r + 5]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = FloatVector.broadcast(S, a[r + 6]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = FloatVector.broadcast(S, a[r + 7]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
      x = FloatVector.broadcast(S, a[r + 8]);
      c80 = x.fma(b0, c80);
      c81 = x.fma(b1, c81);
      x = FloatVector.broadcast(S, a[r + 9]);
      c90 = x.fma(b0, c90);
      c91 = x.fma(b1, c91);
      x = FloatVector.broadcast(S, a[r + 10]);
      c100 = x.fma(b0, c100);
      c101 = x.fma(b1, c101);
      x = FloatVector.broadcast(S, a[r + 11]);
      c110 = x.fma(b0, c110);
      c111 = x.fma(b1, c111);
    }
    c00.add(FloatVector.fromArray(S, c, co)).intoArray(c, co);
    c01.add(FloatVector.fromArray(S, c, co + L)).intoArray(c, co + L);
    c10.add(FloatVector.fromArray(S, c, co + 1 * ld)).intoArray(c, co + 1 * ld);
    c11.add(FloatVector.fromArray(S, c, co + 1 * ld + L)).intoArray(c, co + 1 * ld + L);
    c20.add(FloatVector.fromArray(S, c, co + 2 * ld)).intoArray(c, co + 2 * ld);
    c21.add(FloatVector.fromArray(S, c, co + 2 * ld + L)).intoArray(c, co + 2 * ld + L);
    c30.add(FloatVector.fromArray(S, c, co + 3 * ld)).intoArray(c, co + 3 * ld);
    c31.add(FloatVector.fromArray(S, c, co + 3 * ld + L)).intoArray(c, co + 3 * ld + L);
    c40.add(FloatVector.fromArray(S, c, co + 4 * ld)).intoArray(c, co + 4 * ld);
    c41.add(FloatVector.fromArray(S, c, co + 4 * ld + L)).intoArray(c, co + 4 * ld + L);
    c50.add(FloatVector.fromArray(S, c, co + 5 * ld)).intoArray(c, co + 5 * ld);
    c51.add(FloatVector.fromArray(S, c, co + 5 * ld + L)).intoArray(c, co + 5 * ld + L);
    c60.add(FloatVector.fromArray(S, c, co + 6 * ld)).intoArray(c, co + 6 * ld);
    c61.add(FloatVector.fromArray(S, c, co + 6 * ld + L)).intoArray(c, co + 6 * ld + L);
    c70.add(FloatVector.fromArray(S, c, co + 7 * ld)).intoArray(c, co + 7 * ld);
    c71.add(FloatVector.fromArray(S, c, co + 7 * ld + L)).intoArray(c, co + 7 * ld + L);
    c80.add(FloatVector.fromArray(S, c, co + 8 * ld)).intoArray(c, co + 8 * ld);
    c81.add(FloatVector.fromArray(S, c, co + 8 * ld + L)).intoArray(c, co + 8 * ld + L);
    c90.add(FloatVector.fromArray(S, c, co + 9 * ld)).intoArray(c, co + 9 * ld);
    c91.add(FloatVector.fromArray(S, c, co + 9 * ld + L)).intoArray(c, co + 9 * ld + L);
    c100.add(FloatVector.fromArray(S, c, co + 10 * ld)).intoArray(c, co + 10 * ld);
    c101.add(FloatVector.fromArray(S, c, co + 10 * ld + L)).intoArray(c, co + 10 * ld + L);
    c110.add(FloatVector.fromArray(S, c, co + 11 * ld)).intoArray(c, co + 11 * ld);
    c111.add(FloatVector.fromArray(S, c, co + 11 * ld + L)).intoArray(c, co + 11 * ld + L);
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
      int ld) {
    int row0 = rows[ro];
    int row1 = rows[ro + 1];
    int row2 = rows[ro + 2];
    int row3 = rows[ro + 3];
    int row4 = rows[ro + 4];
    int row5 = rows[ro + 5];
    int row6 = rows[ro + 6];
    int row7 = rows[ro + 7];
    int row8 = rows[ro + 8];
    int row9 = rows[ro + 9];
    int row10 = rows[ro + 10];
    int row11 = rows[ro + 11];
    FloatVector c00 = FloatVector.zero(S);
    FloatVector c01 = FloatVector.zero(S);
    FloatVector c10 = FloatVector.zero(S);
    FloatVector c11 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S);
    FloatVector c21 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S);
    FloatVector c31 = FloatVector.zero(S);
    FloatVector c40 = FloatVector.zero(S);
    FloatVector c41 = FloatVector.zero(S);
    FloatVector c50 = FloatVector.zero(S);
    FloatVector c51 = FloatVector.zero(S);
    FloatVector c60 = FloatVector.zero(S);
    FloatVector c61 = FloatVector.zero(S);
    FloatVector c70 = FloatVector.zero(S);
    FloatVector c71 = FloatVector.zero(S);
    FloatVector c80 = FloatVector.zero(S);
    FloatVector c81 = FloatVector.zero(S);
    FloatVector c90 = FloatVector.zero(S);
    FloatVector c91 = FloatVector.zero(S);
    FloatVector c100 = FloatVector.zero(S);
    FloatVector c101 = FloatVector.zero(S);
    FloatVector c110 = FloatVector.zero(S);
    FloatVector c111 = FloatVector.zero(S);
    for (int u = 0; u < runs; u++) {
      int start = ao + starts[so + u * length];
      int r0 = start + row0;
      int r1 = start + row1;
      int r2 = start + row2;
      int r3 = start + row3;
      int r4 = start + row4;
      int r5 = start + row5;
      int r6 = start + row6;
      int r7 = start + row7;
      int r8 = start + row8;
      int r9 = start + row9;
      int r10 = start + row10;
      int r11 = start + row11;
      for (int p = 0; p < length; p++) {
        int q = bo + (u * length + p) * NR;
        FloatVector b0 = FloatVector.fromArray(S, b, q);
        FloatVector b1 = FloatVector.fromArray(S, b, q + L);
        FloatVector x = FloatVector.broadcast(S, a[r0 + p]);
        c00 = x.fma(b0, c00);
        c01 = x.fma(b1, c01);
        x = FloatVector.broadcast(S, a[r1 + p]);
        c10 = x.fma(b0, c10);
        c11 = x.fma(b1, c11);
        x = FloatVector.broadcast(S, a[r2 + p]);
        c20 = x.fma(b0, c20);
        c21 = x.fma(b1, c21);
        x = FloatVector.broadcast(S, a[r3 + p]);
        c30 = x.fma(b0, c30);
        c31 = x.fma(b1, c31);
        x = FloatVector.broadcast(S, a[r4 + p]);
        c40 = x.fma(b0, c40);
        c41 = x.fma(b1, c41);
        x = FloatVector.broadcast(S, a[r5 + p]);
        c50 = x.fma(b0, c50);
        c51 = x.fma(b1, c51);
        x = FloatVector.broadcast(S, a[r6 + p]);
        c60 = x.fma(b0, c60);
        c61 = x.fma(b1, c61);
        x = FloatVector.broadcast(S, a[r7 + p]);
        c70 = x.fma(b0, c70);
        c71 = x.fma(b1, c71);
        x = FloatVector.broadcast(S, a[r8 + p]);
        c80 = x.fma(b0, c80);
        c81 = x.fma(b1, c81);
        x = FloatVector.broadcast(S, a[r9 + p]);
        c90 = x.fma(b0, c90);
        c91 = x.fma(b1, c91);
        x = FloatVector.broadcast(S, a[r10 + p]);
        c100 = x.fma(b0, c100);
        c101 = x.fma(b1, c101);
        x = FloatVector.broadcast(S, a[r11 + p]);
        c110 = x.fma(b0, c110);
        c111 = x.fma(b1, c111);
      }
    }
    c00.add(FloatVector.fromArray(S, c, co)).intoArray(c, co);
    c01.add(FloatVector.fromArray(S, c, co + L)).intoArray(c, co + L);
    c10.add(FloatVector.fromArray(S, c, co + 1 * ld)).intoArray(c, co + 1 * ld);
    c11.add(FloatVector.fromArray(S, c, co + 1 * ld + L)).intoArray(c, co + 1 * ld + L);
    c20.add(FloatVector.fromArray(S, c, co + 2 * ld)).intoArray(c, co + 2 * ld);
    c21.add(FloatVector.fromArray(S, c, co + 2 * ld + L)).intoArray(c, co + 2 * ld + L);
    c30.add(FloatVector.fromArray(S, c, co + 3 * ld)).intoArray(c, co + 3 * ld);
    c31.add(FloatVector.fromArray(S, c, co + 3 * ld + L)).intoArray(c, co + 3 * ld + L);
    c40.add(FloatVector.fromArray(S, c, co + 4 * ld)).intoArray(c, co + 4 * ld);
    c41.add(FloatVector.fromArray(S, c, co + 4 * ld + L)).intoArray(c, co + 4 * ld + L);
    c50.add(FloatVector.fromArray(S, c, co + 5 * ld)).intoArray(c, co + 5 * ld);
    c51.add(FloatVector.fromArray(S, c, co + 5 * ld + L)).intoArray(c, co + 5 * ld + L);
    c60.add(FloatVector.fromArray(S, c, co + 6 * ld)).intoArray(c, co + 6 * ld);
    c61.add(FloatVector.fromArray(S, c, co + 6 * ld + L)).intoArray(c, co + 6 * ld + L);
    c70.add(FloatVector.fromArray(S, c, co + 7 * ld)).intoArray(c, co + 7 * ld);
    c71.add(FloatVector.fromArray(S, c, co + 7 * ld + L)).intoArray(c, co + 7 * ld + L);
    c80.add(FloatVector.fromArray(S, c, co + 8 * ld)).intoArray(c, co + 8 * ld);
    c81.add(FloatVector.fromArray(S, c, co + 8 * ld + L)).intoArray(c, co + 8 * ld + L);
    c90.add(FloatVector.fromArray(S, c, co + 9 * ld)).intoArray(c, co + 9 * ld);
    c91.add(FloatVector.fromArray(S, c, co + 9 * ld + L)).intoArray(c, co + 9 * ld + L);
    c100.add(FloatVector.fromArray(S, c, co + 10 * ld)).intoArray(c, co + 10 * ld);
    c101.add(FloatVector.fromArray(S, c, co + 10 * ld + L)).intoArray(c, co + 10 * ld + L);
    c110.add(FloatVector.fromArray(S, c, co + 11 * ld)).intoArray(c, co + 11 * ld);
    c111.add(FloatVector.fromArray(S, c, co + 11 * ld + L)).intoArray(c, co + 11 * ld + L);
  }
}
