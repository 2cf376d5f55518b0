package org.fasthebb.bench;

import static org.fasthebb.engine.Contraction.contractInto;

import java.util.Arrays;
import java.util.function.Supplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;

/**
 * One matrix product, C = A B, as six programs. Each is the one before plus one idea, so read them
 * from the top. All matrices lie row by row: A (m, k), B (k, n), C (m, n). All programs use one
 * thread.
 */
enum Ladder {
  /**
   * The definition, c_ij = sum_p a_ip b_pj. Every number of B is read m times, and each time from
   * another row than the one before, so nearly every read fetches a cache line for four bytes.
   */
  LOOPS("the definition: three loops") {
    @Override
    void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          float sum = 0;
          for (int p = 0; p < k; p++) {
            sum += a[i * k + p] * b[p * n + j];
          }
          c[i * n + j] = sum;
        }
      }
    }
  },

  /**
   * The same loops in the order i, p, j: a row of B, times one number, is added to a row of C. Both
   * rows are read in order, so each cache line that is fetched is used whole.
   */
  ORDER("loops in another order: the innermost runs along rows") {
    @Override
    void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
      Arrays.fill(c, 0, m * n, 0);
      addRows(0, m, 0, n, n, k, a, b, c);
    }
  },

  /**
   * The inner loop, written with vectors: one instruction multiplies and adds as many numbers as a
   * register holds, 16 of 512 bit. Java's compiler did not do that by itself, since it cannot know
   * that B and C are not one array, where a sum just stored would be read as a number of B.
   */
  VECTORS("vectors: one instruction for many numbers of a row") {
    @Override
    void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
      Arrays.fill(c, 0, m * n, 0);
      int whole = S.loopBound(n);
      for (int i = 0; i < m; i++) {
        for (int p = 0; p < k; p++) {
          FloatVector x = FloatVector.broadcast(S, a[i * k + p]);
          for (int j = 0; j < whole; j += L) {
            FloatVector sum = FloatVector.fromArray(S, c, i * n + j);
            x.fma(FloatVector.fromArray(S, b, p * n + j), sum).intoArray(c, i * n + j);
          }
        }
      }
      addRows(0, m, whole, n, n, k, a, b, c); // what is left on the right
    }
  },

  /**
   * So far each multiply-add loaded a vector of C and stored it again. Now a tile of C, 4 rows by 2
   * vectors, stays in registers for the whole sum over p, and memory sees it once. Each vector of B
   * serves four rows, each number of A two vectors: 6 loads for 8 multiply-adds. See {@link #tile}.
   */
  REGISTERS("a tile of sums stays in vector registers") {
    @Override
    void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
      Arrays.fill(c, 0, m * n, 0);
      int rows = m - m % ROWS;
      int columns = n - n % COLUMNS;
      for (int i = 0; i < rows; i += ROWS) {
        for (int j = 0; j < columns; j += COLUMNS) {
          tile(k, a, i * k, k, 1, b, j, n, c, i * n + j, n);
        }
      }
      addRows(0, rows, columns, n, n, k, a, b, c); // what is left on the right
      addRows(rows, m, 0, n, n, k, a, b, c); // and at the bottom
    }
  },

  /**
   * The tile still jumps: from one row of B to the next, and between four rows of A. So a block of
   * each is copied first, in the very order in which the tile reads it. A panel of B, two vectors
   * wide, is used for all rows of A before the next is copied, and is small enough to stay in the
   * first cache for that. The copies cost m k + k n moves, a trifle beside m n k products.
   */
  PACKED("blocks are copied into the order in which they are read") {
    @Override
    void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
      Arrays.fill(c, 0, m * n, 0);
      int rows = m - m % ROWS;
      int columns = n - n % COLUMNS;
      float[] panelsOfA = new float[rows * DEPTH];
      float[] panelOfB = new float[DEPTH * COLUMNS];
      for (int from = 0; from < k; from += DEPTH) {
        int depth = Math.min(DEPTH, k - from);
        for (int i = 0; i < rows; i += ROWS) { // a panel holds ROWS numbers of each column
          for (int p = 0; p < depth; p++) {
            for (int r = 0; r < ROWS; r++) {
              panelsOfA[i * depth + p * ROWS + r] = a[(i + r) * k + from + p];
            }
          }
        }
        for (int j = 0; j < columns; j += COLUMNS) {
          for (int p = 0; p < depth; p++) {
            System.arraycopy(b, (from + p) * n + j, panelOfB, p * COLUMNS, COLUMNS);
          }
          for (int i = 0; i < rows; i += ROWS) {
            tile(depth, panelsOfA, i * depth, 1, ROWS, panelOfB, 0, COLUMNS, c, i * n + j, n);
          }
        }
      }
      addRows(0, rows, columns, n, n, k, a, b, c);
      addRows(rows, m, 0, n, n, k, a, b, c);
    }
  },

  /**
   * What the engine does: the same, with a tile of the size that the processor's registers hold (12
   * rows by 2 vectors where there are 32 registers), so that each number loaded is used more often
   * and enough multiply-adds are independent; with blocks for each of the caches; and edges as
   * tiles too. See {@code MicroKernel12x2}, {@code Packing}, {@code Blocking} and {@code
   * MacroKernel} in the engine.
   */
  ENGINE("the engine's: as large a tile as the registers hold, blocks for each cache") {
    @Override
    Program on(Backend cpu, int m, int n, int k, float[] a, float[] b) {
      Tensor ta = cpu.of(a, m, k);
      Tensor tb = cpu.of(b, k, n);
      Tensor tc = cpu.zeros(m, n);
      return new Program(() -> contractInto(tc, "mk,kn->mn", ta, tb), tc::toArray);
    }
  };

  /** Rows of A in a tile of {@link #tile}. */
  private static final int ROWS = 4;

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  /** Columns of B in a tile of {@link #tile}. */
  private static final int COLUMNS = 2 * L;

  /** Rows of B in a block. */
  private static final int DEPTH = 256;

  private final String idea;

  Ladder(String idea) {
    this.idea = idea;
  }

  /** A product of given matrices, which can be computed many times. */
  record Program(Runnable run, Supplier<float[]> result) {}

  /** The one idea that it adds to the program before. */
  String idea() {
    return idea;
  }

  /** This program for matrices A (m, k) and B (k, n). */
  Program on(Backend cpu, int m, int n, int k, float[] a, float[] b) {
    float[] c = new float[m * n];
    return new Program(() -> multiply(m, n, k, a, b, c), () -> c);
  }

  /** C = A B, if the program works on arrays. */
  void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
    throw new UnsupportedOperationException(this + " does not work on arrays");
  }

  /** Adds A B to rows and columns of C in the manner of {@link #ORDER}. */
  private static void addRows(
      int row,
      int rowEnd,
      int column,
      int columnEnd,
      int n,
      int k,
      float[] a,
      float[] b,
      float[] c) {
    for (int i = row; i < rowEnd; i++) {
      for (int p = 0; p < k; p++) {
        addRow(a[i * k + p], b, p * n + column, c, i * n + column, columnEnd - column);
      }
    }
  }

  /** Adds numbers of b, times x, to as many of c. */
  private static void addRow(float x, float[] b, int bo, float[] c, int co, int count) {
    for (int j = 0; j < count; j++) {
      c[co + j] += x * b[bo + j];
    }
  }

  /**
   * Adds a product of k columns of A and k rows of B to a tile of C, 4 rows by 2 vectors. In A, the
   * next row is {@code aRow} numbers away and the next column {@code aStep}; in B and C, the next
   * row is {@code bStep} and {@code cStep} numbers away.
   */
  private static void tile(
      int k,
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] c,
      int co,
      int cStep) {
    FloatVector c00 = FloatVector.zero(S);
    FloatVector c01 = FloatVector.zero(S);
    FloatVector c10 = FloatVector.zero(S);
    FloatVector c11 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S);
    FloatVector c21 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S);
    FloatVector c31 = FloatVector.zero(S);
    for (int p = 0; p < k; p++) {
      int r = ao + p * aStep;
      FloatVector b0 = FloatVector.fromArray(S, b, bo + p * bStep);
      FloatVector b1 = FloatVector.fromArray(S, b, bo + p * bStep + L);
      FloatVector x = FloatVector.broadcast(S, a[r]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(S, a[r + aRow]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(S, a[r + 2 * aRow]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(S, a[r + 3 * aRow]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
    }
    add(c00, c01, c, co);
    add(c10, c11, c, co + cStep);
    add(c20, c21, c, co + 2 * cStep);
    add(c30, c31, c, co + 3 * cStep);
  }

  /** Adds two vectors to numbers of c. */
  private static void add(FloatVector left, FloatVector right, float[] c, int co) {
    left.add(FloatVector.fromArray(S, c, co)).intoArray(c, co);
    right.add(FloatVector.fromArray(S, c, co + L)).intoArray(c, co + L);
  }
}
