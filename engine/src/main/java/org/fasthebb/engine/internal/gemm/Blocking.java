package org.fasthebb.engine.internal.gemm;

import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.strided.AxisGroup;

/**
 * Decides how {@link Gemm} reads the operands of a product and how it cuts the product into blocks,
 * which become tasks. The decision depends on shapes and strides only, so that results have the
 * same bits for any number of threads.
 *
 * <p>The groups of axes are m for rows (with strides in a and c), n for columns (in b and c) and k
 * for the summed index (in a and b).
 */
final class Blocking {
  /**
   * An operand may be read in runs if the other one has at most this many rows or columns, since
   * each value is then used few times. Too small: operands are packed although they are used too
   * few times for it to pay. Too large: each row of tiles again reads memory at long strides or in
   * short pieces. For rows, {@link Kernels#fewInRows} is such a limit.
   */
  private static final int FEW = 384;

  /**
   * Longest distance between rows that are read in place. Too small: outputs of wide layers are
   * packed for nothing. Too large: so few rows fit into SPAN that c is read and written again after
   * every few values of k.
   */
  private static final int LONGEST_STEP = 3072;

  /**
   * Most elements between the first and the last of the rows that a tile reads in place. Too large:
   * they fall out of the L2 cache before the next tile reads them. Too small: c is read and written
   * too often.
   */
  private static final int SPAN = 1 << 17;

  /**
   * The sum over k is cut until there are this many tasks. Too small: threads stand idle at the
   * end. Too large: parts of the sum take memory, and time to be added.
   */
  private static final int TASKS = 16;

  /**
   * Fewest values of k that are summed in a task of their own, where the output has too few blocks.
   * Too small: adding the parts costs more than it gains. Too large: a long sum into a small output
   * keeps one thread busy and the others idle.
   */
  private static final int SHORTEST_PART = 768;

  /**
   * A sum over at most this many values of k is computed in wide blocks. Too small: other short
   * sums write the rows of c in pieces. Too large: wide blocks of b fall out of the L2 cache.
   */
  private static final int SHORT = 128;

  /**
   * Costs of packing one value, as a number of multiplications inside vectors: COPIED where the
   * values of a panel are neighbours in memory, TRANSPOSED where they are not. Only the choice
   * between computing C and computing its transpose depends on them. Too small: a large operand is
   * packed to save a few padded tiles. Too large: many tiles are padded to save a little packing.
   */
  private static final int COPIED = 3;

  private static final int TRANSPOSED = 30;

  /**
   * Largest sizes of a task's block. The kc x nc values of b and mc x kc of a that it reads should
   * stay in the L2 cache.
   *
   * @param mc rows. Too large: a falls out of the cache, and there are so few tasks that threads
   *     wait for the last one. Too small: b is read from memory again for every few rows.
   * @param nc columns. Too large: b falls out of the cache. Too small: a is read again for every
   *     few columns.
   * @param kc values of k in a packed panel. Too large: the panels that a tile reads, mr x kc and
   *     kc x nr, fall out of the L1 cache. Too small: c is read and written again for every few
   *     values.
   */
  private record Sizes(int mc, int nc, int kc) {
    /** For operands that are packed. */
    static final Sizes PACKED = new Sizes(96, 192, 768);

    /** For patches that are read in place: all columns at once, so that patches are read once. */
    static final Sizes IN_RUNS = new Sizes(192, FEW, 384);

    /**
     * For a k so short that c is most of what is read and written: whole rows of c, if they fit, so
     * that the processor prefetches them and no two threads write to one row.
     */
    static Sizes wide(int k) {
      return new Sizes(48, PACKED.nc * PACKED.kc / Math.max(1, k), PACKED.kc);
    }
  }

  /** Whether a is read in place, in runs of values that are contiguous along k. */
  final boolean aInRuns;

  /**
   * Whether an operand is read in place, in rows: its values for one k are contiguous, and those of
   * the next k follow at a fixed distance. An operand that is read neither in runs nor in rows is
   * packed.
   */
  final boolean aInRows;

  final boolean bInRows;

  /** Rows of each block but the last. */
  final int mBlock;

  /** Columns of each block but the last. */
  final int nBlock;

  /** Values of k that are read at a time. */
  final int kBlock;

  final int mBlocks;
  final int nBlocks;

  /** Parts into which the sum over k is cut; each is a task of its own. */
  final int parts;

  /** Values of k in each part but the last. */
  final int kPart;

  /**
   * Estimated cost in multiplications: those of all tiles, padding included, and those that packing
   * takes the time of.
   */
  final double cost;

  /**
   * @param mr {@link Kernels#mr}
   * @param nr {@link Kernels#nr}
   * @param fewInRows {@link Kernels#fewInRows}
   */
  Blocking(AxisGroup m, AxisGroup n, AxisGroup k, int mr, int nr, int fewInRows) {
    aInRuns = n.total() <= FEW && Packing.hasRuns(k, 0);
    aInRows = !aInRuns && n.total() <= fewInRows && isInRows(m, k, 0);
    bInRows = !aInRuns && m.total() <= fewInRows && isInRows(n, k, 1);
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

  /**
   * The size of equal parts of {@code total}: at most {@code most}, then rounded up to a multiple
   * of {@code unit}.
   */
  private static int evenly(int total, int most, int unit) {
    return Math.ceilDiv(Math.ceilDiv(total, Math.ceilDiv(total, most)), unit) * unit;
  }
}
