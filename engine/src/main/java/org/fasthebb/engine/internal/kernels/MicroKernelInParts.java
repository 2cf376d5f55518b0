package org.fasthebb.engine.internal.kernels;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/**
 * As {@link MicroKernel12x2}, for processors with 16 vector registers: the tile is computed in
 * parts of six rows, whose 12 sums stay in registers, or of four where {@link #tile} reads an
 * operand that is not packed.
 *
 * <p>That takes some care, since the compiler likes to load all values of a before it multiplies.
 * It then runs out of registers, and a sum that passes through memory at each step makes the loop
 * take twice as long. In packed panels, fences hold it back. They bind the compiler only: on x86
 * they become no instructions. In {@link #tileInPlace} each row of a has an address of its own,
 * which is enough: the compiler computes each address just before it loads.
 *
 * <p>Instructions other than multiplications count, too. Where two threads share a core, as on many
 * rented machines, each gets about half of the instructions that the core can start. So in packed
 * panels addresses and the loop itself are paid once for four values of k.
 */
final class MicroKernelInParts extends VectorKernels {
  @Override
  public int fewInRows() {
    return 32; // with steps that are not constant, tiles take up to twice as long
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
      int ld) {
    if (aStep == MR && bStep == NR) {
      for (int i = 0; i < MR; i += 6) {
        sixRows(k, a, ao + i, b, bo, c, co + i * ld, ld);
      }
      return;
    }
    for (int i = 0; i < MR; i += 4) {
      fourRows(k, a, ao + i, aStep, b, bo, bStep, c, co + i * ld, ld);
    }
  }

  /**
   * Six rows of {@link #tile} for packed panels. Their steps are constants, so the compiler checks
   * all indices before the loop, and not at each step.
   */
  private static void sixRows(
      int k, float[] a, int ao, float[] b, int bo, float[] c, int co, int ld) {
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
    int p = 0;
    for (; p < k - 3; p += 4) {
      int q = bo + p * NR;
      int r = ao + p * MR;
      FloatVector b0 = FloatVector.fromArray(S, b, q);
      FloatVector b1 = FloatVector.fromArray(S, b, q + L);
      FloatVector x = FloatVector.broadcast(S, a[r]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 4]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 5]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      VarHandle.loadLoadFence();
      b0 = FloatVector.fromArray(S, b, q + NR);
      b1 = FloatVector.fromArray(S, b, q + NR + L);
      x = FloatVector.broadcast(S, a[r + MR]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + MR + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + MR + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + MR + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + MR + 4]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + MR + 5]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      VarHandle.loadLoadFence();
      b0 = FloatVector.fromArray(S, b, q + 2 * NR);
      b1 = FloatVector.fromArray(S, b, q + 2 * NR + L);
      x = FloatVector.broadcast(S, a[r + 2 * MR]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 2 * MR + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 2 * MR + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 2 * MR + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 2 * MR + 4]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 2 * MR + 5]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      VarHandle.loadLoadFence();
      b0 = FloatVector.fromArray(S, b, q + 3 * NR);
      b1 = FloatVector.fromArray(S, b, q + 3 * NR + L);
      x = FloatVector.broadcast(S, a[r + 3 * MR]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 3 * MR + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 3 * MR + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 3 * MR + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 3 * MR + 4]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      VarHandle.loadLoadFence();
      x = FloatVector.broadcast(S, a[r + 3 * MR + 5]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      VarHandle.loadLoadFence();
    }
    for (; p < k; p++) {
      int q = bo + p * NR;
      int r = ao + p * MR;
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
  }

  /** Four rows of {@link #tile}, with any steps. */
  private static void fourRows(
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
    }
    c00.add(FloatVector.fromArray(S, c, co)).intoArray(c, co);
    c01.add(FloatVector.fromArray(S, c, co + L)).intoArray(c, co + L);
    c10.add(FloatVector.fromArray(S, c, co + 1 * ld)).intoArray(c, co + 1 * ld);
    c11.add(FloatVector.fromArray(S, c, co + 1 * ld + L)).intoArray(c, co + 1 * ld + L);
    c20.add(FloatVector.fromArray(S, c, co + 2 * ld)).intoArray(c, co + 2 * ld);
    c21.add(FloatVector.fromArray(S, c, co + 2 * ld + L)).intoArray(c, co + 2 * ld + L);
    c30.add(FloatVector.fromArray(S, c, co + 3 * ld)).intoArray(c, co + 3 * ld);
    c31.add(FloatVector.fromArray(S, c, co + 3 * ld + L)).intoArray(c, co + 3 * ld + L);
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
    for (int i = 0; i < MR; i += 6) {
      sixRowsInPlace(runs, length, a, ao, starts, so, rows, ro + i, b, bo, c, co + i * ld, ld);
    }
  }

  /** Six rows of {@link #tileInPlace}. */
  private static void sixRowsInPlace(
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
    for (int u = 0; u < runs; u++) {
      int start = ao + starts[so + u * length];
      int r0 = start + row0;
      int r1 = start + row1;
      int r2 = start + row2;
      int r3 = start + row3;
      int r4 = start + row4;
      int r5 = start + row5;
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
  }
}
