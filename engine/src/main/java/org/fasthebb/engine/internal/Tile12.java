package org.fasthebb.engine.internal;

import jdk.incubator.vector.FloatVector;

/**
 * {@link Kernels} with a tile of twelve rows by two vectors: 24 of 32 registers accumulate. Written
 * out, since a vector in an array would be boxed.
 */
final class Tile12 extends VectorKernels {
  @Override
  public int mr() {
    return 12;
  }

  @Override
  public void tile(int k, float[] a, int ao, float[] b, int bo, float[] c, int co, int ld) {
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
      int q = bo + p * NR;
      int r = ao + p * 12;
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
    FloatVector.fromArray(S, c, co).add(c00).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c01).intoArray(c, co + L);
    FloatVector.fromArray(S, c, co + 1 * ld).add(c10).intoArray(c, co + 1 * ld);
    FloatVector.fromArray(S, c, co + 1 * ld + L).add(c11).intoArray(c, co + 1 * ld + L);
    FloatVector.fromArray(S, c, co + 2 * ld).add(c20).intoArray(c, co + 2 * ld);
    FloatVector.fromArray(S, c, co + 2 * ld + L).add(c21).intoArray(c, co + 2 * ld + L);
    FloatVector.fromArray(S, c, co + 3 * ld).add(c30).intoArray(c, co + 3 * ld);
    FloatVector.fromArray(S, c, co + 3 * ld + L).add(c31).intoArray(c, co + 3 * ld + L);
    FloatVector.fromArray(S, c, co + 4 * ld).add(c40).intoArray(c, co + 4 * ld);
    FloatVector.fromArray(S, c, co + 4 * ld + L).add(c41).intoArray(c, co + 4 * ld + L);
    FloatVector.fromArray(S, c, co + 5 * ld).add(c50).intoArray(c, co + 5 * ld);
    FloatVector.fromArray(S, c, co + 5 * ld + L).add(c51).intoArray(c, co + 5 * ld + L);
    FloatVector.fromArray(S, c, co + 6 * ld).add(c60).intoArray(c, co + 6 * ld);
    FloatVector.fromArray(S, c, co + 6 * ld + L).add(c61).intoArray(c, co + 6 * ld + L);
    FloatVector.fromArray(S, c, co + 7 * ld).add(c70).intoArray(c, co + 7 * ld);
    FloatVector.fromArray(S, c, co + 7 * ld + L).add(c71).intoArray(c, co + 7 * ld + L);
    FloatVector.fromArray(S, c, co + 8 * ld).add(c80).intoArray(c, co + 8 * ld);
    FloatVector.fromArray(S, c, co + 8 * ld + L).add(c81).intoArray(c, co + 8 * ld + L);
    FloatVector.fromArray(S, c, co + 9 * ld).add(c90).intoArray(c, co + 9 * ld);
    FloatVector.fromArray(S, c, co + 9 * ld + L).add(c91).intoArray(c, co + 9 * ld + L);
    FloatVector.fromArray(S, c, co + 10 * ld).add(c100).intoArray(c, co + 10 * ld);
    FloatVector.fromArray(S, c, co + 10 * ld + L).add(c101).intoArray(c, co + 10 * ld + L);
    FloatVector.fromArray(S, c, co + 11 * ld).add(c110).intoArray(c, co + 11 * ld);
    FloatVector.fromArray(S, c, co + 11 * ld + L).add(c111).intoArray(c, co + 11 * ld + L);
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
    FloatVector.fromArray(S, c, co).add(c00).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c01).intoArray(c, co + L);
    FloatVector.fromArray(S, c, co + 1 * ld).add(c10).intoArray(c, co + 1 * ld);
    FloatVector.fromArray(S, c, co + 1 * ld + L).add(c11).intoArray(c, co + 1 * ld + L);
    FloatVector.fromArray(S, c, co + 2 * ld).add(c20).intoArray(c, co + 2 * ld);
    FloatVector.fromArray(S, c, co + 2 * ld + L).add(c21).intoArray(c, co + 2 * ld + L);
    FloatVector.fromArray(S, c, co + 3 * ld).add(c30).intoArray(c, co + 3 * ld);
    FloatVector.fromArray(S, c, co + 3 * ld + L).add(c31).intoArray(c, co + 3 * ld + L);
    FloatVector.fromArray(S, c, co + 4 * ld).add(c40).intoArray(c, co + 4 * ld);
    FloatVector.fromArray(S, c, co + 4 * ld + L).add(c41).intoArray(c, co + 4 * ld + L);
    FloatVector.fromArray(S, c, co + 5 * ld).add(c50).intoArray(c, co + 5 * ld);
    FloatVector.fromArray(S, c, co + 5 * ld + L).add(c51).intoArray(c, co + 5 * ld + L);
    FloatVector.fromArray(S, c, co + 6 * ld).add(c60).intoArray(c, co + 6 * ld);
    FloatVector.fromArray(S, c, co + 6 * ld + L).add(c61).intoArray(c, co + 6 * ld + L);
    FloatVector.fromArray(S, c, co + 7 * ld).add(c70).intoArray(c, co + 7 * ld);
    FloatVector.fromArray(S, c, co + 7 * ld + L).add(c71).intoArray(c, co + 7 * ld + L);
    FloatVector.fromArray(S, c, co + 8 * ld).add(c80).intoArray(c, co + 8 * ld);
    FloatVector.fromArray(S, c, co + 8 * ld + L).add(c81).intoArray(c, co + 8 * ld + L);
    FloatVector.fromArray(S, c, co + 9 * ld).add(c90).intoArray(c, co + 9 * ld);
    FloatVector.fromArray(S, c, co + 9 * ld + L).add(c91).intoArray(c, co + 9 * ld + L);
    FloatVector.fromArray(S, c, co + 10 * ld).add(c100).intoArray(c, co + 10 * ld);
    FloatVector.fromArray(S, c, co + 10 * ld + L).add(c101).intoArray(c, co + 10 * ld + L);
    FloatVector.fromArray(S, c, co + 11 * ld).add(c110).intoArray(c, co + 11 * ld);
    FloatVector.fromArray(S, c, co + 11 * ld + L).add(c111).intoArray(c, co + 11 * ld + L);
  }
}
