package org.fasthebb.engine.internal.gemm;

import java.util.Arrays;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.Scratch;
import org.fasthebb.engine.internal.strided.AxisGroup;

/**
 * Computes one block of c in three nested loops: over pieces of k, over columns of tiles, and over
 * the tiles of a column. Each thread keeps one instance, so that a block allocates nothing.
 *
 * <p>What the micro-kernel {@link Kernels#tile} expects, and who provides it:
 *
 * <ul>
 *   <li>Whole tiles of mr x nr. Packing pads the last panel with zeros. Of an operand that is read
 *       in rows, the rest that fills no whole tile is packed. Where a is read in runs, its last row
 *       is repeated.
 *   <li>A whole tile of c to add to, with rows at equal distances. At the edges of c, and where its
 *       rows are irregular, the valid part of c is copied to a whole tile and back, so that equal
 *       rows and columns get equal bits wherever they are.
 *   <li>For each k, mr contiguous values of a and nr of b. Those of the next k follow at a fixed
 *       distance: mr and nr in a packed panel, the stride of k where an operand is read in place.
 *   <li>No alignment: arrays of Java have none, and a load across two cache lines costs little
 *       beside the multiplications that use it.
 *   <li>c holds the values to be added to, and is neither a nor b.
 * </ul>
 */
final class MacroKernel {
  private static final ThreadLocal<MacroKernel> LOCAL = ThreadLocal.withInitial(MacroKernel::new);

  /** Slots of {@link Scratch}. */
  private static final int PACKED_A = 0;

  private static final int PACKED_B = 1;
  private static final int TILE = 2;
  private static final int STARTS = 0;
  private static final int ROWS = 1;
  private static final int DEPTHS = 2;

  private BlockedProduct product;
  private Kernels kernels;
  private Blocking cut;
  private Scratch scratch;
  private int mr;
  private int nr;

  // The block, and the array that it is summed up in.
  private int row;
  private int column;
  private int rows;
  private int columns;
  private float[] target;

  /** Where the block's rows begin in the target. */
  private int[] starts;

  // Rows and columns of the block before these are read in place, the others are packed.
  private int packedRow;
  private int packedColumn;

  /** Where rows of a begin, if a is read in runs. */
  private int[] rowsOfA;

  /** Where values of k lie in a row of a, if a is read in runs. */
  private int[] depths;

  // The piece of k, and its packed panels.
  private int from;
  private int depth;
  private float[] panelsOfA;
  private float[] panelsOfB;
  private int placeOfA;
  private int placeOfB;

  /** Computes one block of a product, or of one part of its sum. */
  static void run(BlockedProduct product, int task) {
    MacroKernel kernel = LOCAL.get();
    kernel.begin(product, task);
    int part = task % product.cut.parts;
    int end = Math.min(product.k.total(), (part + 1) * product.cut.kPart);
    for (int from = part * product.cut.kPart; from < end; from += product.cut.kBlock) {
      kernel.readPiece(from, Math.min(product.cut.kBlock, end - from));
      kernel.tiles();
    }
    kernel.end();
  }

  private void begin(BlockedProduct of, int task) {
    product = of;
    kernels = of.gemm.kernels;
    cut = of.cut;
    scratch = Scratch.get();
    mr = of.mr;
    nr = of.nr;
    row = task / cut.parts / cut.nBlocks * cut.mBlock;
    column = task / cut.parts % cut.nBlocks * cut.nBlock;
    rows = Math.min(cut.mBlock, of.m.total() - row);
    columns = Math.min(cut.nBlock, of.n.total() - column);
    target = of.staged == null ? of.c.array() : of.staged.part(task % cut.parts);
    startRows();
    if (of.staged != null || !of.add) {
      for (int i = 0; i < rows; i++) {
        int at = starts[i] + column;
        Arrays.fill(target, at, at + columns, 0f);
      }
    }
    readInPlace();
  }

  /** Drops the operands, which must not live as long as this thread does. */
  private void end() {
    product = null;
    target = null;
    panelsOfA = null;
    panelsOfB = null;
  }

  /** Where rows of c start; staged blocks are kept row-major without gaps. */
  private void startRows() {
    starts = scratch.ints(STARTS, rows);
    if (product.staged == null) {
      product.m.offsets(1, row, rows, starts);
    }
    for (int i = 0; i < rows; i++) {
      starts[i] =
          product.staged == null ? product.c.offset() + starts[i] : (row + i) * product.n.total();
    }
  }

  // ---- operands

  /** Decides which rows and columns are read in place. In rows, only whole tiles are. */
  private void readInPlace() {
    int padded = Math.ceilDiv(rows, mr) * mr;
    rowsOfA = scratch.ints(ROWS, padded);
    depths = scratch.ints(DEPTHS, cut.kBlock);
    if (cut.aInRuns) { // the last row fills up the last tile
      product.m.offsets(0, row, rows, rowsOfA);
      Arrays.fill(rowsOfA, rows, padded, rowsOfA[rows - 1]);
    }
    packedRow = cut.aInRows ? rows / mr * mr : cut.aInRuns ? rows : 0;
    packedColumn = cut.bInRows ? columns / nr * nr : 0;
  }

  /** Prepares a piece of k: packs the operands that are neither shared nor read in place. */
  private void readPiece(int first, int count) {
    from = first;
    depth = count;
    panelsOfA = product.sharedA;
    placeOfA = product.placeOfA(from, row, depth);
    if (cut.aInRuns) {
      product.k.offsets(0, from, depth, depths);
    } else if (panelsOfA == null && packedRow < rows) {
      int rest = rows - packedRow;
      panelsOfA = packed(product.a, product.m, 0, row + packedRow, rest, mr, PACKED_A);
      placeOfA = 0;
    }
    panelsOfB = product.sharedB;
    placeOfB = product.placeOfB(from, column, depth);
    if (panelsOfB == null && packedColumn < columns) {
      int rest = columns - packedColumn;
      panelsOfB = packed(product.b, product.n, 1, column + packedColumn, rest, nr, PACKED_B);
      placeOfB = 0;
    }
  }

  /** Packs this piece of k of an operand, for this block alone. */
  private float[] packed(
      Matrix x, AxisGroup outer, int operand, int first, int count, int width, int slot) {
    float[] into = scratch.floats(slot, Math.ceilDiv(count, width) * width * depth);
    product.gemm.packing.pack(
        x.array(),
        x.offset(),
        outer,
        product.k,
        operand,
        first,
        count,
        width,
        from,
        depth,
        into,
        0);
    return into;
  }

  // ---- tiles

  /** Adds this piece of k to all tiles of the block. */
  private void tiles() {
    int stepInPlace = product.k.uniformStride(1);
    for (int j = 0; j < columns; j += nr) {
      if (j < packedColumn) {
        int at = product.b.offset() + from * stepInPlace + column + j;
        column(j, product.b.array(), at, stepInPlace);
      } else {
        column(j, panelsOfB, placeOfB + (j - packedColumn) * depth, nr);
      }
    }
  }

  /** Adds this piece of k to the column of tiles that read the same columns of b. */
  private void column(int j, float[] b, int bo, int bStep) {
    int width = Math.min(nr, columns - j);
    for (int i = 0; i < rows; i += mr) {
      int height = Math.min(mr, rows - i);
      if (product.symmetric && column + j >= row + i + height) {
        continue; // above the diagonal
      }
      int step = height == mr && width == nr ? rowStep(row + i) : AxisGroup.IRREGULAR;
      if (step != AxisGroup.IRREGULAR) {
        tile(i, b, bo, bStep, target, starts[i] + column + j, step);
      } else {
        float[] apart = scratch.zeros(TILE, mr * nr);
        for (int k = 0; k < height; k++) {
          System.arraycopy(target, starts[i + k] + column + j, apart, k * nr, width);
        }
        tile(i, b, bo, bStep, apart, 0, nr);
        for (int k = 0; k < height; k++) {
          System.arraycopy(apart, k * nr, target, starts[i + k] + column + j, width);
        }
      }
    }
  }

  private void tile(int i, float[] b, int bo, int bStep, float[] into, int to, int step) {
    if (cut.aInRuns) {
      tileInRuns(i, b, bo, into, to, step);
    } else if (i < packedRow) {
      int aStep = product.k.uniformStride(0);
      int at = product.a.offset() + from * aStep + row + i;
      kernels.tile(depth, product.a.array(), at, aStep, b, bo, bStep, into, to, step);
    } else {
      int at = placeOfA + (i - packedRow) * depth;
      kernels.tile(depth, panelsOfA, at, mr, b, bo, bStep, into, to, step);
    }
  }

  /**
   * Computes a tile whose rows of a are read in place: whole runs together, cut runs one by one.
   */
  private void tileInRuns(int i, float[] b, int bo, float[] into, int to, int step) {
    float[] a = product.a.array();
    int ao = product.a.offset();
    int length = product.k.innerSize();
    boolean whole = from % length == 0 && depth % length == 0;
    int runs = whole ? depth / length : 1;
    for (int p = 0; p < depth; ) {
      int run = whole ? length : Math.min(length - (from + p) % length, depth - p);
      kernels.tileInPlace(runs, run, a, ao, depths, p, rowsOfA, i, b, bo + p * nr, into, to, step);
      p += runs * run;
    }
  }

  // ---- edges

  /**
   * Distance of c's rows in the tile that starts at row {@code first}, or IRREGULAR if they have no
   * common distance.
   */
  private int rowStep(int first) {
    if (product.staged != null) {
      return product.n.total();
    }
    AxisGroup m = product.m;
    int step = m.uniformStride(1);
    if (step != AxisGroup.IRREGULAR) {
      return step;
    }
    boolean inOneRun = first % m.innerSize() + mr <= m.innerSize();
    return inOneRun ? m.innerStride(1) : AxisGroup.IRREGULAR;
  }
}
