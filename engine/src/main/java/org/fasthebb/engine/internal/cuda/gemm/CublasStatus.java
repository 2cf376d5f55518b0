package org.fasthebb.engine.internal.cuda.gemm;

/** The names of the status codes that cuBLAS returns. */
final class CublasStatus {
  private CublasStatus() {}

  /** The name of a status, with its meaning where the name does not say it. */
  static String name(int status) {
    return switch (status) {
      case 1 -> "CUBLAS_STATUS_NOT_INITIALIZED (no driver, no context, or no memory left)";
      case 3 -> "CUBLAS_STATUS_ALLOC_FAILED (no memory left)";
      case 7 -> "CUBLAS_STATUS_INVALID_VALUE";
      case 8 -> "CUBLAS_STATUS_ARCH_MISMATCH (it does not know this GPU)";
      case 11 -> "CUBLAS_STATUS_MAPPING_ERROR";
      case 13 ->
          "CUBLAS_STATUS_EXECUTION_FAILED (an earlier operation failed, or this version of cuBLAS"
              + " does not fit the GPU or the driver)";
      case 14 -> "CUBLAS_STATUS_INTERNAL_ERROR";
      case 15 -> "CUBLAS_STATUS_NOT_SUPPORTED";
      case 16 -> "CUBLAS_STATUS_LICENSE_ERROR";
      default -> "cuBLAS status " + status;
    };
  }
}
