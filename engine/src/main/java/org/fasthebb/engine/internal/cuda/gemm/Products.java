package org.fasthebb.engine.internal.cuda.gemm;

import java.lang.ref.Reference;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.cuda.runtime.DeviceMemory;
import org.fasthebb.engine.internal.cuda.runtime.Driver;
import org.fasthebb.engine.internal.cuda.strided.CudaElementwise;
import org.fasthebb.engine.internal.strided.AxisGroup;
import org.fasthebb.engine.internal.strided.LetterGroups;
import org.fasthebb.engine.internal.strided.Loops;

/**
 * Contractions as products of matrices. An operand that is stored as a matrix or a transposed
 * matrix is multiplied in place; any other, such as a view of patches, is gathered first.
 */
public final class Products {
  /** Most blocks in the third dimension of a grid, and so most matrices of one product. */
  private static final int MOST_BATCHES = 65535;

  private final Backend backend;
  private final Driver driver;
  private final CudaElementwise elementwise;
  private final Sgemm sgemm;

  public Products(Backend backend, Driver driver, CudaElementwise elementwise, Sgemm sgemm) {
    this.backend = backend;
    this.driver = driver;
    this.elementwise = elementwise;
    this.sgemm = sgemm;
  }

  /**
   * A tensor seen as a batch of matrices.
   *
   * @param transposed as in {@link Sgemm.Matrices}; ld and stride likewise
   */
  private record StoredMatrix(Tensor tensor, boolean transposed, int ld, int stride) {
    /**
     * A tensor as it is stored, or null if it is not stored as a matrix. It is the first operand of
     * each group.
     */
    static StoredMatrix of(Tensor x, AxisGroup batch, AxisGroup rows, AxisGroup columns) {
      int stride = batch.total() == 1 ? 0 : batch.uniformStride(0);
      if (stride == AxisGroup.IRREGULAR) {
        return null;
      }
      if (isStored(rows, columns)) {
        return new StoredMatrix(x, false, ld(rows, columns), stride);
      }
      return isStored(columns, rows) ? new StoredMatrix(x, true, ld(columns, rows), stride) : null;
    }

    /** The same storage seen as transposed matrices. */
    StoredMatrix flipped() {
      return new StoredMatrix(tensor, !transposed, ld, stride);
    }

    /** Whether columns are neighbours, and rows do not overlap. */
    private static boolean isStored(AxisGroup rows, AxisGroup columns) {
      int c = columns.total();
      return (c == 1 || columns.uniformStride(0) == 1)
          && (rows.total() == 1 || rows.uniformStride(0) >= c);
    }

    private static int ld(AxisGroup rows, AxisGroup columns) {
      return rows.total() == 1 ? columns.total() : rows.uniformStride(0);
    }
  }

  /** out (+)= a b. */
  public void contract(Contraction how, Tensor a, Tensor b, Tensor out, boolean add) {
    LetterGroups groups = LetterGroups.of(how, a, b, out);
    if (out.size() == 0) {
      return;
    }
    if (groups.k().total() == 0) {
      if (!add) {
        elementwise.map(Op.Unary.FILL, out, 0, out);
      }
      return;
    }
    AxisGroup k = groups.k();
    AxisGroup batchC = groups.batchA().swapped();
    AxisGroup mOfC = groups.m().swapped();
    AxisGroup nOfC = groups.n().swapped();
    try (Scope _ = backend.scope()) {
      StoredMatrix x = matrix(a, groups.batchA(), groups.m(), k);
      StoredMatrix y = matrix(b, groups.batchB(), k.swapped(), groups.n());
      StoredMatrix z = StoredMatrix.of(out, batchC, mOfC, nOfC);
      if (z != null) {
        multiply(x, y, z, groups, add);
        return;
      }
      int batch = batchC.total();
      int m = mOfC.total();
      int n = nOfC.total();
      Tensor gapless = backend.empty(batch, m, n);
      multiply(x, y, new StoredMatrix(gapless, false, n, m * n), groups, false);
      elementwise.scatter(gapless, Loops.ofFirst(batchC, mOfC, nOfC), out, add);
    }
  }

  /** A tensor as it is stored if it is a matrix, else gathered. */
  private StoredMatrix matrix(Tensor x, AxisGroup batch, AxisGroup rows, AxisGroup columns) {
    StoredMatrix asItLies = StoredMatrix.of(x, batch, rows, columns);
    if (asItLies != null) {
      return asItLies;
    }
    // Gathers in the order in which the elements are stored.
    boolean transposed = rows.innerStride(0) == 1 && columns.innerStride(0) != 1;
    AxisGroup outer = transposed ? columns : rows;
    AxisGroup inner = transposed ? rows : columns;
    boolean repeats = batch.uniformStride(0) == 0;
    int batches = repeats ? 1 : batch.total();
    int r = outer.total();
    int c = inner.total();
    Tensor gathered = backend.empty(batches, r, c);
    Loops loops = repeats ? Loops.ofFirst(outer, inner) : Loops.ofFirst(batch, outer, inner);
    elementwise.gather(x, loops, gathered);
    return new StoredMatrix(gathered, transposed, c, repeats ? 0 : r * c);
  }

  private void multiply(
      StoredMatrix x, StoredMatrix y, StoredMatrix z, LetterGroups groups, boolean add) {
    int m = groups.m().total();
    int n = groups.n().total();
    if (z.transposed) { // C^T = B^T A^T
      queue(n, m, y.flipped(), x.flipped(), z.flipped(), groups, add);
    } else {
      queue(m, n, x, y, z, groups, add);
    }
  }

  private void queue(
      int m,
      int n,
      StoredMatrix a,
      StoredMatrix b,
      StoredMatrix c,
      LetterGroups groups,
      boolean add) {
    driver.enter();
    StoredMatrix[] operands = {a, b, c};
    int k = groups.k().total();
    int batch = groups.batchA().total();
    Sgemm.Matrices x = inMemory(a);
    Sgemm.Matrices y = inMemory(b);
    Sgemm.Matrices z = inMemory(c);
    try {
      for (int at = 0; at < batch; at += MOST_BATCHES) {
        int count = Math.min(MOST_BATCHES, batch - at);
        Sgemm.Product product =
            new Sgemm.Product(m, n, k, x.from(at), y.from(at), z.from(at), add, count);
        sgemm.multiply(product);
        driver.queued("matrix product ", product);
      }
    } finally {
      Reference.reachabilityFence(operands); // an address does not keep memory from being lent
    }
  }

  private Sgemm.Matrices inMemory(StoredMatrix x) {
    DeviceMemory memory = DeviceMemory.of(x.tensor, driver);
    long address = memory.address(x.tensor.layout().offset());
    return new Sgemm.Matrices(address, x.transposed, x.ld, x.stride);
  }
}
