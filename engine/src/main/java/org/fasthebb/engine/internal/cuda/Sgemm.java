package org.fasthebb.engine.internal.cuda;

/** Products of row-major matrices on a device. */
interface Sgemm {
  /**
   * Queues C (m, n) (+)= op(A) op(B) for each of {@code batch} products.
   *
   * @param transA whether A is stored (k, m) instead of (m, k); transB likewise
   * @param a address of the first A; b and c likewise
   * @param lda elements from one stored row of A to the next; ldb and ldc likewise
   * @param strideA elements from one A to the next; strideB and strideC likewise
   * @param add whether to add to C instead of overwriting it
   */
  void multiply(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      long a,
      int lda,
      long strideA,
      long b,
      int ldb,
      long strideB,
      boolean add,
      long c,
      int ldc,
      long strideC,
      int batch);

  /** By cuBLAS. */
  static Sgemm of(Cublas cublas) {
    return (ta, tb, m, n, k, a, lda, sa, b, ldb, sb, add, c, ldc, sc, batch) -> {
      if (batch == 1) {
        cublas.sgemm(ta, tb, m, n, k, a, lda, b, ldb, add, c, ldc);
      } else {
        cublas.sgemmStridedBatched(ta, tb, m, n, k, a, lda, sa, b, ldb, sb, add, c, ldc, sc, batch);
      }
    };
  }
}
