package org.fasthebb.engine.internal.cuda.gemm;

/** Products of row-major matrices on a device. */
interface Sgemm {
  /**
   * The matrices of one operand.
   *
   * @param address of the first one's first element
   * @param transposed whether columns are stored as rows
   * @param ld elements from one stored row to the next
   * @param stride elements from one matrix to the next, 0 for the same each time
   */
  record Matrices(long address, boolean transposed, int ld, long stride) {
    /** Those from number {@code first} on. */
    Matrices from(int first) {
      return shifted(first * stride);
    }

    /** The same without their first columns. */
    Matrices fromColumn(int first) {
      return shifted(transposed ? (long) first * ld : first);
    }

    private Matrices shifted(long floats) {
      return new Matrices(address + Float.BYTES * floats, transposed, ld, stride);
    }
  }

  /**
   * C (m, n) (+)= A (m, k) B (k, n), for each of {@code batch} matrices.
   *
   * @param c not transposed
   * @param add whether to add to C instead of overwriting it
   * @param batch at most 65535
   */
  record Product(int m, int n, int k, Matrices a, Matrices b, Matrices c, boolean add, int batch) {}

  /** Queues a product. */
  void multiply(Product product);
}
