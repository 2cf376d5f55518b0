package org.fasthebb.engine.internal.gemm;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.kernels.KernelChoice;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.Scratch;
import org.fasthebb.engine.internal.runtime.ThreadPool;
import org.fasthebb.engine.internal.runtime.Workspace;
import org.fasthebb.engine.internal.strided.AxisGroup;

/**
 * The matrix product under every contraction: {@code c[m,n] (+)= sum_k a[m,k] b[k,n]}, where m, n
 * and k are groups of strided axes, so that no operand is ever transposed or gathered as a whole.
 *
 * <p>After Goto and BLIS: the output is cut into blocks, one task each, and a block into register
 * tiles, which {@link Kernels} computes, a few hundred values of k at a time. An operand whose
 * values are used a few times only is read where it lies, if the tile can: either operand where
 * rows of values lie together for each k, as outputs do when k counts the batch, and a where k runs
 * along memory, as it does in patches and in rows of weights. All others are {@linkplain Packing
 * packed} into panels as wide as the tile, with edges padded with zeros, so that the tile has no
 * special cases.
 *
 * <p>{@link Blocking} decides which, and where the blocks are. Where the output is small and k
 * long, k is cut too, and the partial sums are added in a fixed order.
 */
public final class Gemm {
  /** Most elements of b that are packed at once for all blocks: 256 MB. */
  private static final long SHARED = 1 << 26;

  /** Rows that a task takes from staged blocks into c. */
  private static final int UNSTAGED = 64;

  /** Slots of {@link Scratch}. */
  private static final int PACKED_A = 0;

  private static final int PACKED_B = 1;
  private static final int TILE = 2;
  private static final int STARTS = 0;
  private static final int ROWS = 1;
  private static final int DEPTHS = 2;

  private final Kernels kernels = KernelChoice.kernels();
  private final Packing packing = new Packing(kernels);
  private final ThreadPool pool;
  private final Workspace<float[]> workspace;
  private final int mr = kernels.mr();
  private final int nr = kernels.nr();

  public Gemm(ThreadPool pool, Workspace<float[]> workspace) {
    this.pool = pool;
    this.workspace = workspace;
  }

  /** One operand: an array, an offset and its row and column loops (as operand 0 or 1 of them). */
  public record Matrix(float[] array, int offset) {
    public static Matrix of(Tensor x) {
      return new Matrix(x.storage().array(), x.layout().offset());
    }
  }

  /**
   * Multiplies.
   *
   * @param m rows, with the strides of a and of c
   * @param n columns, with the strides of b and of c
   * @param k summed index, with the strides of a and of b
   */
  public void multiply(
      Matrix a, Matrix b, Matrix c, AxisGroup m, AxisGroup n, AxisGroup k, boolean add) {
    if (m.total() == 0 || n.total() == 0) {
      return;
    }
    AxisGroup swapped = k.swapped();
    Blocking cut = new Blocking(m, n, k, mr, nr);
    Blocking turned = new Blocking(n, m, swapped, mr, nr);
    if (turned.cost < cut.cost) { // C^T = B^T A^T
      new Job(b, a, c, n, m, swapped, turned, add).run();
    } else {
      new Job(a, b, c, m, n, k, cut, add).run();
    }
  }

  /** One product: its blocks and buffers. */
  private final class Job {
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final AxisGroup m;
    private final AxisGroup n;
    private final AxisGroup k;
    private final Blocking cut;
    private final boolean add;
    private final int paddedM;
    private final int paddedN;

    /**
     * Whether c is x^T x: then only its lower triangle is computed, the upper one is its mirror.
     */
    private final boolean symmetric;

    /** Where blocks are summed up, one array for each part of k; null if that is c itself. */
    private float[][] staged;

    /** All of a, packed once for all columns of blocks; null if each block packs its own rows. */
    private float[] sharedA;

    /** All of b, packed once for all rows of blocks; null if each block packs its own. */
    private float[] sharedB;

    Job(
        Matrix a,
        Matrix b,
        Matrix c,
        AxisGroup m,
        AxisGroup n,
        AxisGroup k,
        Blocking cut,
        boolean add) {
      this.a = a;
      this.b = b;
      this.c = c;
      this.m = m;
      this.n = n;
      this.k = k;
      this.cut = cut;
      this.add = add;
      paddedM = Math.ceilDiv(m.total(), mr) * mr;
      paddedN = Math.ceilDiv(n.total(), nr) * nr;
      symmetric = cut.parts > 1 && a.equals(b) && m.hasFirstOf(n) && k.hasFirstOf(k.swapped());
    }

    void run() {
      if (cut.parts > 1 || (n.uniformStride(1) != 1 && n.total() > 1)) {
        staged = new float[cut.parts][];
        for (int i = 0; i < cut.parts; i++) {
          staged[i] = workspace.take(m.total() * n.total());
        }
      }
      int kBlocks = Math.ceilDiv(k.total(), cut.kBlock);
      if (!cut.aInRows && !cut.aInRuns && cut.nBlocks > 1 && isShared(paddedM)) {
        sharedA = workspace.take(kBlocks * cut.kBlock * paddedM);
      }
      if (!cut.bInRows && cut.mBlocks > 1 && isShared(paddedN)) {
        sharedB = workspace.take(kBlocks * cut.kBlock * paddedN);
      }
      int packs = sharedA == null ? 0 : kBlocks * cut.mBlocks;
      dispatch(
          packs + (sharedB == null ? 0 : kBlocks * cut.nBlocks),
          task -> {
            if (task < packs) {
              packA(task);
            } else {
              packB(task - packs);
            }
          });
      dispatch(cut.mBlocks * cut.nBlocks * cut.parts, this::block);
      if (sharedA != null) {
        workspace.give(sharedA);
      }
      if (sharedB != null) {
        workspace.give(sharedB);
      }
      if (staged != null) {
        if (cut.parts > 1) {
          dispatch(Math.ceilDiv(m.total(), mr), this::addParts);
        }
        dispatch(Math.ceilDiv(m.total(), UNSTAGED), this::unstage);
        for (float[] used : staged) {
          workspace.give(used);
        }
      }
    }

    private void dispatch(int tasks, IntConsumer body) {
      long flops = 2L * m.total() * n.total() * k.total();
      if (flops < 200_000) { // shorter than waking a thread
        pool.runAlone(tasks, body);
      } else {
        pool.run(tasks, body);
      }
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
      int at = from * paddedM + row * depth;
      packing.pack(a.array, a.offset, m, k, 0, row, rows, mr, from, depth, sharedA, at);
    }

    private void packB(int task) {
      int from = task / cut.nBlocks * cut.kBlock;
      int column = task % cut.nBlocks * cut.nBlock;
      int depth = Math.min(cut.kBlock, k.total() - from);
      int columns = Math.min(cut.nBlock, n.total() - column);
      int at = from * paddedN + column * depth;
      packing.pack(b.array, b.offset, n, k, 1, column, columns, nr, from, depth, sharedB, at);
    }

    /** Computes one block of c, or of one part of its sum. */
    private void block(int task) {
      int part = task % cut.parts;
      int row = task / cut.parts / cut.nBlocks * cut.mBlock;
      int column = task / cut.parts % cut.nBlocks * cut.nBlock;
      int rows = Math.min(cut.mBlock, m.total() - row);
      int columns = Math.min(cut.nBlock, n.total() - column);
      float[] target = staged == null ? c.array : staged[part];
      Scratch scratch = Scratch.get();
      int[] starts = scratch.ints(STARTS, rows);
      startRows(row, rows, starts);
      if (staged != null || !add) {
        for (int i = 0; i < rows; i++) {
          int at = starts[i] + column;
          Arrays.fill(target, at, at + columns, 0f);
        }
      }
      int[] offsets = scratch.ints(ROWS, Math.ceilDiv(rows, mr) * mr);
      int[] depths = scratch.ints(DEPTHS, cut.kBlock);
      if (cut.aInRuns) { // rows of the last tile that are not there repeat the last one
        m.offsets(0, row, rows, offsets);
        Arrays.fill(offsets, rows, Math.ceilDiv(rows, mr) * mr, offsets[rows - 1]);
      }
      // What is read in rows must have whole tiles; the rest is packed.
      int packedRow = cut.aInRows ? rows / mr * mr : cut.aInRuns ? rows : 0;
      int packedColumn = cut.bInRows ? columns / nr * nr : 0;
      int aStep = k.uniformStride(0);
      int bStep = k.uniformStride(1);
      int end = Math.min(k.total(), (part + 1) * cut.kPart);
      for (int from = part * cut.kPart; from < end; from += cut.kBlock) {
        int depth = Math.min(cut.kBlock, end - from);
        float[] pa = sharedA;
        int ao = from * paddedM + row * depth;
        if (cut.aInRuns) {
          k.offsets(0, from, depth, depths);
        } else if (pa == null && packedRow < rows) {
          int count = rows - packedRow;
          pa = packed(a, m, 0, row + packedRow, count, mr, from, depth, PACKED_A);
          ao = 0;
        }
        float[] pb = sharedB;
        int bo = from * paddedN + column * depth;
        if (pb == null && packedColumn < columns) {
          int count = columns - packedColumn;
          pb = packed(b, n, 1, column + packedColumn, count, nr, from, depth, PACKED_B);
          bo = 0;
        }
        for (int j = 0; j < columns; j += nr) {
          int width = Math.min(nr, columns - j);
          boolean rowsOfB = j < packedColumn;
          float[] tb = rowsOfB ? b.array : pb;
          int tbo =
              rowsOfB ? b.offset + from * bStep + column + j : bo + (j - packedColumn) * depth;
          int tbStep = rowsOfB ? bStep : nr;
          for (int i = 0; i < rows; i += mr) {
            int height = Math.min(mr, rows - i);
            if (symmetric && column + j >= row + i + height) {
              continue;
            }
            int step = height == mr && width == nr ? rowStep(row + i) : AxisGroup.IRREGULAR;
            boolean whole = step != AxisGroup.IRREGULAR;
            float[] into = whole ? target : scratch.zeros(TILE, mr * nr);
            int to = whole ? starts[i] + column + j : 0;
            int stride = whole ? step : nr;
            if (cut.aInRuns) {
              tileInRuns(from, depth, depths, offsets, i, pb, tbo, into, to, stride);
            } else {
              boolean rowsOfA = i < packedRow;
              float[] ta = rowsOfA ? a.array : pa;
              int tao = rowsOfA ? a.offset + from * aStep + row + i : ao + (i - packedRow) * depth;
              int taStep = rowsOfA ? aStep : mr;
              kernels.tile(depth, ta, tao, taStep, tb, tbo, tbStep, into, to, stride);
            }
            if (!whole) {
              scatter(into, target, starts, i, height, column + j, width);
            }
          }
        }
      }
    }

    /** What a block needs of an operand, packed for this block alone. */
    private float[] packed(
        Matrix x,
        AxisGroup outer,
        int operand,
        int first,
        int count,
        int width,
        int from,
        int depth,
        int slot) {
      float[] into = Scratch.get().floats(slot, Math.ceilDiv(count, width) * width * depth);
      packing.pack(x.array, x.offset, outer, k, operand, first, count, width, from, depth, into, 0);
      return into;
    }

    /** A tile whose rows of a are read where they are: whole runs together, cut ones one by one. */
    private void tileInRuns(
        int from,
        int depth,
        int[] starts,
        int[] rows,
        int i,
        float[] pb,
        int bo,
        float[] into,
        int to,
        int step) {
      int length = k.innerSize();
      boolean whole = from % length == 0 && depth % length == 0;
      int runs = whole ? depth / length : 1;
      for (int p = 0; p < depth; ) {
        int run = whole ? length : Math.min(length - (from + p) % length, depth - p);
        kernels.tileInPlace(
            runs, run, a.array, a.offset, starts, p, rows, i, pb, bo + p * nr, into, to, step);
        p += runs * run;
      }
    }

    /** Where rows of c start; staged blocks are kept row-major without gaps. */
    private void startRows(int first, int count, int[] starts) {
      if (staged == null) {
        m.offsets(1, first, count, starts);
      }
      for (int i = 0; i < count; i++) {
        starts[i] = staged == null ? c.offset + starts[i] : (first + i) * n.total();
      }
    }

    /** Distance of c's rows in the tile that starts at {@code row}, if it is the same for all. */
    private int rowStep(int row) {
      if (staged != null) {
        return n.total();
      }
      int step = m.uniformStride(1);
      if (step != AxisGroup.IRREGULAR) {
        return step;
      }
      return row % m.innerSize() + mr <= m.innerSize() ? m.innerStride(1) : AxisGroup.IRREGULAR;
    }

    /** Adds the valid part of a tile to rows of c that it could not be computed in. */
    private void scatter(
        float[] tile, float[] target, int[] starts, int first, int height, int column, int width) {
      for (int i = 0; i < height; i++) {
        int at = starts[first + i] + column;
        kernels.zip(Op.Binary.ADD, target, at, tile, i * nr, target, at, width);
      }
    }

    /** Adds the parts of mr staged rows, in order. */
    private void addParts(int strip) {
      int from = strip * mr * n.total();
      int count = Math.min(mr, m.total() - strip * mr) * n.total();
      for (int p = 1; p < cut.parts; p++) {
        kernels.zip(Op.Binary.ADD, staged[0], from, staged[p], from, staged[0], from, count);
      }
    }

    /** Puts some staged rows into c, along whichever of its axes is contiguous. */
    private void unstage(int group) {
      int columns = n.total();
      int from = group * UNSTAGED;
      int rows = Math.min(m.total() - from, UNSTAGED);
      int[] rowOffsets = Scratch.get().ints(ROWS, rows);
      int[] columnOffsets = Scratch.get().ints(DEPTHS, columns);
      m.offsets(1, from, rows, rowOffsets);
      n.offsets(1, 0, columns, columnOffsets);
      float[] sum = staged[0];
      if (symmetric) {
        for (int i = from; i < from + rows; i++) {
          for (int j = i + 1; j < columns; j++) {
            sum[i * columns + j] = sum[j * columns + i];
          }
        }
      }
      if (n.innerStride(1) == 1) {
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            put(sum[(from + i) * columns + j], c.offset + rowOffsets[i] + columnOffsets[j]);
          }
        }
      } else {
        for (int j = 0; j < columns; j++) {
          for (int i = 0; i < rows; i++) {
            put(sum[(from + i) * columns + j], c.offset + rowOffsets[i] + columnOffsets[j]);
          }
        }
      }
    }

    private void put(float sum, int to) {
      c.array[to] = sum + (add ? c.array[to] : 0f);
    }
  }
}
