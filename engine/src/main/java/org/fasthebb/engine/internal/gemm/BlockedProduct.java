package org.fasthebb.engine.internal.gemm;

import java.util.function.IntConsumer;
import org.fasthebb.engine.internal.strided.AxisGroup;

/**
 * One product as tasks: those that pack what several blocks share, one for each block, and those
 * that put staged blocks in their place.
 */
final class BlockedProduct {
  /** Most elements of an operand that are packed at once for all blocks: 256 MB. */
  private static final long SHARED = 1 << 26;

  /** Multiplications and additions that take less time than to wake a thread. */
  private static final long FEW_OPERATIONS = 200_000;

  final Gemm gemm;
  final Matrix a;
  final Matrix b;
  final Matrix c;
  final AxisGroup m;
  final AxisGroup n;
  final AxisGroup k;
  final Blocking cut;
  final boolean add;
  final int mr;
  final int nr;

  /** m and n in whole tiles. */
  final int paddedM;

  final int paddedN;

  /** Whether c is x^T x: then only its lower triangle is computed, the upper one is its mirror. */
  final boolean symmetric;

  /** Where blocks are summed up if that is not c itself; else null. */
  final StagedOutput staged;

  /** All of a, packed once for all columns of blocks; null if each block packs its own rows. */
  float[] sharedA;

  /** All of b, packed once for all rows of blocks; null if each block packs its own. */
  float[] sharedB;

  BlockedProduct(
      Gemm gemm,
      Matrix a,
      Matrix b,
      Matrix c,
      AxisGroup m,
      AxisGroup n,
      AxisGroup k,
      Blocking cut,
      boolean add) {
    this.gemm = gemm;
    this.a = a;
    this.b = b;
    this.c = c;
    this.m = m;
    this.n = n;
    this.k = k;
    this.cut = cut;
    this.add = add;
    mr = gemm.kernels.mr();
    nr = gemm.kernels.nr();
    paddedM = Math.ceilDiv(m.total(), mr) * mr;
    paddedN = Math.ceilDiv(n.total(), nr) * nr;
    symmetric = cut.parts > 1 && a.equals(b) && m.hasFirstOf(n) && k.hasFirstOf(k.swapped());
    boolean inPlace = cut.parts == 1 && (n.uniformStride(1) == 1 || n.total() == 1);
    staged = inPlace ? null : new StagedOutput(this);
  }

  void run() {
    if (staged != null) {
      staged.take();
    }
    packShared();
    dispatch(cut.mBlocks * cut.nBlocks * cut.parts, task -> MacroKernel.run(this, task));
    if (sharedA != null) {
      gemm.workspace.give(sharedA);
    }
    if (sharedB != null) {
      gemm.workspace.give(sharedB);
    }
    if (staged != null) {
      staged.finish();
    }
  }

  void dispatch(int tasks, IntConsumer body) {
    long operations = 2L * m.total() * n.total() * k.total();
    if (operations < FEW_OPERATIONS) {
      gemm.pool.runAlone(tasks, body);
    } else {
      gemm.pool.run(tasks, body);
    }
  }

  // ---- packing for all blocks

  private void packShared() {
    int kBlocks = Math.ceilDiv(k.total(), cut.kBlock);
    if (!cut.aInRows && !cut.aInRuns && cut.nBlocks > 1 && isShared(paddedM)) {
      sharedA = gemm.workspace.take(kBlocks * cut.kBlock * paddedM);
    }
    if (!cut.bInRows && cut.mBlocks > 1 && isShared(paddedN)) {
      sharedB = gemm.workspace.take(kBlocks * cut.kBlock * paddedN);
    }
    int tasksOfA = sharedA == null ? 0 : kBlocks * cut.mBlocks;
    int tasksOfB = sharedB == null ? 0 : kBlocks * cut.nBlocks;
    dispatch(
        tasksOfA + tasksOfB,
        task -> {
          if (task < tasksOfA) {
            packA(task);
          } else {
            packB(task - tasksOfA);
          }
        });
  }

  /** Whether an operand is packed as a whole. With several parts, each has its own piece of k. */
  private boolean isShared(int padded) {
    return cut.parts == 1 && ((long) k.total() + cut.kBlock) * padded <= SHARED;
  }

  private void packA(int task) {
    int from = task / cut.mBlocks * cut.kBlock;
    int row = task % cut.mBlocks * cut.mBlock;
    int depth = Math.min(cut.kBlock, k.total() - from);
    int rows = Math.min(cut.mBlock, m.total() - row);
    int at = placeOfA(from, row, depth);
    gemm.packing.pack(a.array(), a.offset(), m, k, 0, row, rows, mr, from, depth, sharedA, at);
  }

  private void packB(int task) {
    int from = task / cut.nBlocks * cut.kBlock;
    int column = task % cut.nBlocks * cut.nBlock;
    int depth = Math.min(cut.kBlock, k.total() - from);
    int columns = Math.min(cut.nBlock, n.total() - column);
    int at = placeOfB(from, column, depth);
    gemm.packing.pack(
        b.array(), b.offset(), n, k, 1, column, columns, nr, from, depth, sharedB, at);
  }

  /** Where the packed rows from {@code row} on begin, of k from .. from+depth-1. */
  int placeOfA(int from, int row, int depth) {
    return from * paddedM + row * depth;
  }

  /** Where the packed columns from {@code column} on begin, of k from .. from+depth-1. */
  int placeOfB(int from, int column, int depth) {
    return from * paddedN + column * depth;
  }
}
