package org.fasthebb.engine.internal.gemm;

import java.util.function.IntConsumer;
import org.fasthebb.engine.internal.strided.AxisGroup;

/**
 * Computes one matrix product as tasks for the thread pool, in three steps: packs the operands that
 * several blocks share, computes each block of the output, and copies blocks that were summed up
 * elsewhere into the output.
 */
final class BlockedProduct {
  /** An operand of at most this many elements (256 MB) is packed once and shared by all blocks. */
  private static final long SHARED = 1 << 26;

  /**
   * A product of fewer multiplications and additions runs on the calling thread: to wake another
   * one takes longer.
   */
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

  /** m and n, rounded up to whole tiles. */
  final int paddedM;

  final int paddedN;

  /**
   * Whether c is x^T x. Then only the lower triangle is computed, and mirrored into the upper one.
   */
  final boolean symmetric;

  /** The memory in which blocks are summed up; null if that is c itself. */
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

  /**
   * Whether an operand is packed as a whole. Several parts of the sum cannot share it, since each
   * reads its own piece of k.
   */
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

  /**
   * Where the panels of rows from {@code row} on begin in the packed a, for k from .. from+depth-1.
   */
  int placeOfA(int from, int row, int depth) {
    return from * paddedM + row * depth;
  }

  /**
   * Where the panels of columns from {@code column} on begin in the packed b, for k from ..
   * from+depth-1.
   */
  int placeOfB(int from, int column, int depth) {
    return from * paddedN + column * depth;
  }
}
