package org.fasthebb.engine.internal.gemm;

import org.fasthebb.engine.internal.strided.AxisGroup;

/**
 * How {@link Gemm} reads the operands of a product and cuts it into blocks, of which it makes
 * tasks. Decided by shapes and strides only, so that results have the same bits for any number of
 * threads.
 *
 * <p>m counts rows, with the strides of a and of c; n columns, with those of b and of c; k what is
 * summed, with those of a and of b.
 */
final class Blocking {
  /**
   * Most rows or columns for which the other operand is read in place. Too small: operands are
   * packed that are used too few times for it to pay. Too large: memory is read at long strides, or
   * in pieces of few values, again for each row of tiles.
   */
  private static final int FEW = 384;

  /**
   * Longest step between rows that are read in place. Too small: outputs of wide layers are packed
   * for nothing. Too large: so few rows are within SPAN that c is read and written again for every
   * few values of k.
   */
  private static final int LONGEST_STEP = 3072;

  /**
   * Elements from the first to the last k that a tile reads in rows. Too large: they fall out of
   * the L2 cache before the next tile reads them. Too small: c is read and written too often.
   */
  private static final int SPAN = 1 << 17;

  /**
   * The sum over k is cut until there are this many tasks. Too small: threads stand idle at the
   * end. Too large: parts of the sum take memory, and time to be added.
   */
  private static final int TASKS = 16;

  /**
   * Least values of k for a task of its own, where the output has too few blocks. Too small: adding
   * the parts costs more than is gained. Too large: long sums into small outputs keep one thread
   * busy.
   */
  private static final int SHORTEST_PART = 768;

  /**
   * Values of k that are few enough for wide blocks. Too small: short sums write to rows of c by
   * the piece. Too large: wide blocks of b fall out of the L2 cache.
   */
  private static final int SHORT = 128;

  /**
   * What it costs to pack a value, in multiplications of vectors: along memory, and across it. Only
   * the choice between C and its transpose depends on them. Too small: an operand is packed at
   * length to save a few padded tiles. Too large: tiles are padded that need not be.
   */
  private static final int COPIED = 3;

  private static final int TRANSPOSED = 30;

  /**
   * Largest sizes of a task's block. What it reads, kc x nc of b and mc x kc of a, is to stay in
   * the L2 cache.
   *
   * @param mc rows. Too large: a falls out of the cache, and there are few tasks, which do not end
   *     together. Too small: b is read from memory again for every few rows.
   * @param nc columns. Too large: b falls out of the cache. Too small: a is read again for every
   *     few columns.
   * @param kc values of k in a packed panel. Too large: the panels that a tile reads, mr x kc and
   *     kc x nr, fall out of the L1 cache. Too small: c is read and written again for every few
   *     values.
   */
  private record Sizes(int mc, int nc, int kc) {
    /** For operands that are packed. */
    static final Sizes PACKED = new Sizes(96, 192, 768);

    /** For rows of patches in place: all columns at once, so that patches are read once. */
    static final Sizes IN_RUNS = new Sizes(192, FEW, 384);

    /**
     * For k so short that most of what is read and written is c: whole rows of it, if they fit, so
     * that they are fetched ahead and no two threads write to the same ones.
     */
    static Sizes wide(int k) {
      return new Sizes(48, PACKED.nc * PACKED.kc / Math.max(1, k), PACKED.kc);
    }
  }

  /** Whether a is read where it lies along k, in runs of contiguous values. */
  final boolean aInRuns;

  /**
   * Whether an operand is read where it lies across k, in contiguous rows at equal distances. What
   * is read neither in runs nor in rows is packed.
   */
  final boolean aInRows;

  final boolean bInRows;

  /** Rows of a block, but of the last one. */
  final int mBlock;

  /** Columns. */
  final int nBlock;

  /** Values of k that are read at a time. */
  final int kBlock;

  final int mBlocks;
  final int nBlocks;

  /** Parts of the sum that are tasks of their own. */
  final int parts;

  /** Values of k of a part. */
  final int kPart;

  /** Multiplications, padding included, and what packing costs in their units. */
  final double cost;

  Blocking(AxisGroup m, AxisGroup n, AxisGroup k, int mr, int nr) {
    aInRuns = n.total() <= FEW && Packing.hasRuns(k, 0);
    aInRows = !aInRuns && n.total() <= FEW && isInRows(m, k, 0);
    bInRows = !aInRuns && m.total() <= FEW && isInRows(n, k, 1);
    Sizes wide = Sizes.wide(k.total());
    boolean isShort = k.total() <= SHORT && m.total() >= TASKS * wide.mc;
    Sizes most = aInRuns ? Sizes.IN_RUNS : isShort ? wide : Sizes.PACKED;
    int step = Math.max(aInRows ? k.uniformStride(0) : 1, bInRows ? k.uniformStride(1) : 1);
    int kc = Math.min(most.kc, SPAN / Math.max(1, step));
    nBlock = evenly(n.total(), most.nc, nr);
    nBlocks = Math.ceilDiv(n.total(), nBlock);
    mBlock = evenly(m.total(), most.mc, mr);
    mBlocks = Math.ceilDiv(m.total(), mBlock);
    int wanted = Math.min(Math.ceilDiv(TASKS, mBlocks * nBlocks), k.total() / SHORTEST_PART);
    int share = Math.max(1, Math.ceilDiv(k.total(), Math.max(1, wanted)));
    // Runs of contiguous k are cut evenly, or not at all.
    int run = Math.max(1, aInRuns ? k.innerSize() : share);
    kBlock = aInRuns && run <= kc ? kc / run * run : evenly(run, kc, 1);
    kPart = Math.ceilDiv(share, kBlock) * kBlock;
    parts = Math.max(1, Math.ceilDiv(k.total(), kPart)); // k may be empty

    double tiles = (double) Math.ceilDiv(m.total(), mr) * mr * Math.ceilDiv(n.total(), nr) * nr;
    double a = aInRuns || aInRows ? 0 : m.innerStride(0) == 1 ? COPIED : TRANSPOSED;
    double b = bInRows ? 0 : n.innerStride(0) == 1 ? COPIED : TRANSPOSED;
    double staging = n.uniformStride(1) == 1 ? 0 : TRANSPOSED;
    cost = (tiles + a * m.total() + b * n.total()) * k.total() + staging * m.total() * n.total();
  }

  private static boolean isInRows(AxisGroup outer, AxisGroup k, int operand) {
    int step = k.uniformStride(operand);
    return outer.uniformStride(0) == 1 && step >= 0 && step <= LONGEST_STEP;
  }

  /** Equal parts of {@code total} of at most {@code most}, in multiples of {@code unit}. */
  private static int evenly(int total, int most, int unit) {
    return Math.ceilDiv(Math.ceilDiv(total, Math.ceilDiv(total, most)), unit) * unit;
  }
}
