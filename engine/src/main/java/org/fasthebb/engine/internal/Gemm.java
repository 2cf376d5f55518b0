package org.fasthebb.engine.internal;

import java.util.Arrays;

/**
 * The matrix product under every contraction: {@code c[m,n] (+)= sum_k a[m,k] b[k,n]}, where m, n
 * and k are groups of strided axes, so that no operand is ever transposed or gathered as a whole.
 *
 * <p>After Goto and BLIS: the output is cut into blocks, one task each; a task packs a block of a
 * and of b into contiguous panels of the register tile's height and width, {@link #KC} values of k
 * at a time, and runs {@link Kernels#tile} over them. Packing reads through offset tables and is
 * where arbitrary strides, and edges (padded with zeros), disappear.
 *
 * <p>How the work is cut depends on the sizes only, never on the number of threads. Where the
 * output is small and k long, k is cut too, and the partial sums are added in a fixed order.
 */
final class Gemm {
  /** Values of k per packed panel: a panel of b (KC x nr) should stay in the L1 cache. */
  private static final int KC = 256;

  /** Largest output block of a task: its packed panels should stay in the L2 cache. */
  private static final int MC = 192;

  private static final int NC = 512;

  /** Cut until there are this many tasks, so that any usual number of threads is kept busy. */
  private static final int TASKS = 16;

  private final Kernels kernels = KernelChoice.kernels();
  private final ThreadPool pool;
  private final Workspace workspace;
  private final int mr = kernels.mr();
  private final int nr = kernels.nr();

  Gemm(ThreadPool pool, Workspace workspace) {
    this.pool = pool;
    this.workspace = workspace;
  }

  /** One operand: an array, an offset and its row and column loops (as operand 0 or 1 of them). */
  record Matrix(float[] array, int offset) {}

  /**
   * @param m rows, with the strides of a and of c
   * @param n columns, with the strides of b and of c
   * @param k summed index, with the strides of a and of b
   */
  void multiply(Matrix a, Matrix b, Matrix c, AxisGroup m, AxisGroup n, AxisGroup k, boolean add) {
    if ((n.innerStride(1) != 1 && m.innerStride(1) == 1) || n.total() == 1) {
      // Columns of c should be contiguous, since the tile's rows are vectors: C^T = B^T A^T.
      new Job(b, a, c, n, m, k.swapped(), add).run();
    } else {
      new Job(a, b, c, m, n, k, add).run();
    }
  }

  private static int ceil(int x, int unit) {
    return (x + unit - 1) / unit;
  }

  /** One product: its blocks and the packing buffers of each. */
  private final class Job {
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final AxisGroup m;
    private final AxisGroup n;
    private final AxisGroup k;
    private final boolean add;
    private final int mBlock;
    private final int nBlock;
    private final int mBlocks;
    private final int nBlocks;
    private final int parts;
    private final int kPart;
    private float[][] partial;

    Job(Matrix a, Matrix b, Matrix c, AxisGroup m, AxisGroup n, AxisGroup k, boolean add) {
      this.a = a;
      this.b = b;
      this.c = c;
      this.m = m;
      this.n = n;
      this.k = k;
      this.add = add;
      nBlock = block(n.total(), NC, nr);
      mBlock = block(m.total(), MC, mr);
      mBlocks = ceil(m.total(), mBlock);
      nBlocks = ceil(n.total(), nBlock);
      int wanted = Math.min(ceil(TASKS, Math.max(1, mBlocks * nBlocks)), k.total() / (2 * KC));
      kPart = Math.max(1, ceil(ceil(k.total(), Math.max(1, wanted)), KC)) * KC; // k may be empty
      parts = Math.max(1, ceil(k.total(), kPart));
    }

    /** Equal blocks of at most {@code most}, multiples of the register tile. */
    private int block(int total, int most, int tile) {
      int blocks = Math.max(1, ceil(total, most));
      return ceil(ceil(Math.max(1, total), blocks), tile) * tile;
    }

    void run() {
      if (m.total() == 0 || n.total() == 0) {
        return;
      }
      int tasks = mBlocks * nBlocks * parts;
      if (parts == 1) {
        dispatch(tasks);
        return;
      }
      int size = m.total() * n.total();
      partial = new float[parts][];
      for (int i = 0; i < parts; i++) {
        partial[i] = workspace.take(size);
      }
      dispatch(tasks);
      pool.run(ceil(m.total(), mr), this::addPartials);
      for (float[] used : partial) {
        workspace.give(used);
      }
    }

    private void dispatch(int tasks) {
      long flops = 2L * m.total() * n.total() * k.total();
      if (flops < 200_000) { // shorter than waking a thread
        for (int i = 0; i < tasks; i++) {
          block(i);
        }
      } else {
        pool.run(tasks, this::block);
      }
    }

    /** Computes one block of c, or of one partial sum of it. */
    private void block(int task) {
      int part = task % parts;
      int row = task / parts / nBlocks * mBlock;
      int column = task / parts % nBlocks * nBlock;
      int rows = Math.min(mBlock, m.total() - row);
      int columns = Math.min(nBlock, n.total() - column);
      Buffers buffers = Buffers.get();
      float[] pa = buffers.a(ceil(rows, mr) * mr * KC);
      float[] pb = buffers.b(ceil(columns, nr) * nr * KC);
      int end = Math.min(k.total(), (part + 1) * kPart);
      float[] target = parts == 1 ? c.array : partial[part];
      if (parts > 1 || !add) {
        zero(target, row, rows, column, columns);
      }
      for (int from = part * kPart; from < end; from += KC) {
        int depth = Math.min(KC, end - from);
        pack(a, m, k, 0, row, rows, mr, from, depth, pa, buffers);
        pack(b, n, k, 1, column, columns, nr, from, depth, pb, buffers);
        multiplyPanels(pa, pb, depth, row, rows, column, columns, target, buffers);
      }
    }

    /** Clears a block of c, or of a partial sum of it. */
    private void zero(float[] target, int row, int rows, int column, int columns) {
      for (int i = row; i < row + rows; i++) {
        int at = rowOffset(i);
        if (parts > 1 || (n.innerStride(1) == 1 && n.innerSize() == n.total())) {
          Arrays.fill(target, at + column, at + column + columns, 0f);
        } else {
          for (int j = column; j < column + columns; j++) {
            target[at + n.offset(1, j)] = 0f;
          }
        }
      }
    }

    /** Where row i of c starts; partial sums are kept row-major without gaps. */
    private int rowOffset(int i) {
      return parts > 1 ? i * n.total() : c.offset + m.offset(1, i);
    }

    private int columnOffset(int j) {
      return parts > 1 ? j : n.offset(1, j);
    }

    private void multiplyPanels(
        float[] pa,
        float[] pb,
        int depth,
        int row,
        int rows,
        int column,
        int columns,
        float[] target,
        Buffers buffers) {
      float[] edge = buffers.tile(mr * nr);
      for (int j = 0; j < columns; j += nr) {
        int width = Math.min(nr, columns - j);
        boolean whole = width == nr && columnsAreNeighbours(column + j);
        for (int i = 0; i < rows; i += mr) {
          int height = Math.min(mr, rows - i);
          int step = rowStep(row + i);
          if (whole && height == mr && step != IRREGULAR) {
            int at = rowOffset(row + i) + columnOffset(column + j);
            kernels.tile(depth, pa, i * depth, pb, j * depth, target, at, step);
          } else {
            Arrays.fill(edge, 0, mr * nr, 0f);
            kernels.tile(depth, pa, i * depth, pb, j * depth, edge, 0, nr);
            addEdge(edge, target, row + i, height, column + j, width);
          }
        }
      }
    }

    private boolean columnsAreNeighbours(int column) {
      return parts > 1 || (n.innerStride(1) == 1 && column % n.innerSize() + nr <= n.innerSize());
    }

    private static final int IRREGULAR = Integer.MIN_VALUE;

    /**
     * Distance of c's rows within the tile that starts at {@code row}, if it is the same for all.
     */
    private int rowStep(int row) {
      if (parts > 1) {
        return n.total();
      }
      return row % m.innerSize() + mr <= m.innerSize() ? m.innerStride(1) : IRREGULAR;
    }

    /** Adds the valid part of an edge tile to its place in c. */
    private void addEdge(float[] edge, float[] target, int row, int height, int column, int width) {
      for (int i = 0; i < height; i++) {
        int at = rowOffset(row + i);
        for (int j = 0; j < width; j++) {
          target[at + columnOffset(column + j)] += edge[i * nr + j];
        }
      }
    }

    /** Adds the partial sums of mr rows of c, in order. */
    private void addPartials(int strip) {
      int columns = n.total();
      int end = Math.min(m.total(), (strip + 1) * mr);
      for (int i = strip * mr; i < end; i++) {
        float[] sum = partial[0];
        int at = i * columns;
        for (int p = 1; p < parts; p++) {
          float[] term = partial[p];
          for (int j = 0; j < columns; j++) {
            sum[at + j] += term[at + j];
          }
        }
        int row = c.offset + m.offset(1, i);
        for (int j = 0; j < columns; j++) {
          int to = row + n.offset(1, j);
          c.array[to] = sum[at + j] + (add ? c.array[to] : 0f);
        }
      }
    }

    /**
     * Packs {@code count} indices of the outer group, from {@code first} on, as panels of {@code
     * width}: value (panel, p, i) is x[outer panel*width+i][inner from+p].
     */
    private void pack(
        Matrix x,
        AxisGroup outer,
        AxisGroup inner,
        int operand,
        int first,
        int count,
        int width,
        int from,
        int depth,
        float[] into,
        Buffers buffers) {
      int[] outerOffsets = buffers.outer(width);
      int[] innerOffsets = buffers.inner(KC);
      inner.offsets(operand, from, depth, innerOffsets);
      boolean unitOuter = outer.innerStride(0) == 1;
      boolean unitInner = inner.innerStride(operand) == 1 && inner.innerSize() >= 8;
      for (int at = 0, done = 0; done < count; done += width, at += width * depth) {
        int valid = Math.min(width, count - done);
        if (valid < width) {
          Arrays.fill(into, at, at + width * depth, 0f);
        }
        outer.offsets(0, first + done, valid, outerOffsets);
        int base = x.offset + outerOffsets[0];
        if (unitOuter && valid == width && isRun(outerOffsets, width)) {
          kernels.copyRows(x.array, base, innerOffsets, depth, width, into, at);
        } else if (unitInner) {
          packRuns(x, outerOffsets, valid, width, inner, operand, from, depth, into, at);
        } else {
          for (int p = 0; p < depth; p++) {
            int row = x.offset + innerOffsets[p];
            for (int i = 0; i < valid; i++) {
              into[at + p * width + i] = x.array[row + outerOffsets[i]];
            }
          }
        }
      }
    }

    private static boolean isRun(int[] offsets, int count) {
      for (int i = 1; i < count; i++) {
        if (offsets[i] - offsets[0] != i) {
          return false;
        }
      }
      return true;
    }

    /** Packs rows that are contiguous along the summed axis: a transposition of short runs. */
    private void packRuns(
        Matrix x,
        int[] outerOffsets,
        int valid,
        int width,
        AxisGroup inner,
        int operand,
        int from,
        int depth,
        float[] into,
        int at) {
      int runLength = inner.innerSize();
      for (int p = 0; p < depth; ) {
        int run = Math.min(runLength - (from + p) % runLength, depth - p);
        int start = x.offset + inner.offset(operand, from + p);
        for (int i = 0; i < valid; i++) {
          transposeRun(x.array, start + outerOffsets[i], run, into, at + p * width + i, width);
        }
        p += run;
      }
    }
  }

  private static void transposeRun(
      float[] src, int from, int count, float[] dst, int to, int step) {
    for (int p = 0; p < count; p++, to += step) {
      dst[to] = src[from + p];
    }
  }

  /** Packing buffers of one thread. */
  private static final class Buffers {
    private static final ThreadLocal<Buffers> LOCAL = ThreadLocal.withInitial(Buffers::new);
    private float[] a = {};
    private float[] b = {};
    private float[] tile = {};
    private int[] outer = {};
    private int[] inner = {};

    static Buffers get() {
      return LOCAL.get();
    }

    float[] a(int size) {
      return a.length >= size ? a : (a = new float[size]);
    }

    float[] b(int size) {
      return b.length >= size ? b : (b = new float[size]);
    }

    float[] tile(int size) {
      return tile.length >= size ? tile : (tile = new float[size]);
    }

    int[] outer(int size) {
      return outer.length >= size ? outer : (outer = new int[size]);
    }

    int[] inner(int size) {
      return inner.length >= size ? inner : (inner = new int[size]);
    }
  }
}
