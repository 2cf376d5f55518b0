package org.fasthebb.bench;

import java.util.Locale;

/**
 * One measurement.
 *
 * @param suite gemm, copy, step, epoch, finetune, retrieval or ladder
 * @param name what was computed, such as square-1536 or hpca
 * @param variant ours, openblas, mkl or ejml; fast or naive; cosine or euclidean; a rung
 * @param device cpu or cuda
 * @param threads number of CPU threads
 * @param seconds median time of one operation
 * @param gflops 10^9 floating point operations per second, counting only operations that cannot be
 *     avoided; 0 for copies
 * @param shareOfPeak gflops over the peak: that of fused multiply-adds on as many threads or, on a
 *     GPU, that of a large product
 * @param bytesPerOp allocated on the Java heap by one operation
 */
record Row(
    String suite,
    String name,
    String variant,
    String device,
    int threads,
    double seconds,
    double gflops,
    double shareOfPeak,
    double bytesPerOp) {
  static final String HEADER =
      String.format(
          "%-9s %-15s %-9s %-6s %7s %12s %9s %7s %12s",
          "suite",
          "name",
          "variant",
          "device",
          "threads",
          "seconds",
          "GFLOP/s",
          "of peak",
          "bytes/op");

  /** The row as one line under the header. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-9s %-15s %-9s %-6s %7d %12.6f %9.1f %6.0f%% %12.0f",
        suite,
        name,
        variant,
        device,
        threads,
        seconds,
        gflops,
        100 * shareOfPeak,
        bytesPerOp);
  }
}
