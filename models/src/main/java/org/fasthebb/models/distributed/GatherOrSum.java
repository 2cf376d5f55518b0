package org.fasthebb.models.distributed;

/**
 * Decides how the workers learn a fully connected layer from all shards: by exchanging its inputs,
 * so that each worker computes the statistics of the whole batch, or by merging the statistics.
 * Inputs are smaller where the layer is wide and the batch is small: 0.6 MB for 38 MB in the small
 * network.
 *
 * <p>The decision changes the last bits of the sums. So it depends on the shape of the layer and of
 * the batch only, and neither on the number of workers nor on the speed of a machine.
 */
final class GatherOrSum {
  /** Bytes per second of the network that is assumed: 10 Gb/s. */
  static final double BYTES_PER_SECOND = 1.25e9;

  /** Multiplications with additions per second that are assumed of a worker: 16 cores. */
  static final double MACS_PER_SECOND = 1e12;

  /** Products of the shape b N S that a step takes: the outputs, the sums, and the residuals. */
  private static final int PRODUCTS = 3;

  private GatherOrSum() {}

  /**
   * Whether to gather inputs.
   *
   * @param batch images b of the whole batch, one patch each
   * @param n neurons
   * @param s values of a patch
   */
  static boolean gathers(long batch, long n, long s) {
    double inputs = (double) batch * s * Float.BYTES / BYTES_PER_SECOND;
    double again = (double) PRODUCTS * batch * n * s / MACS_PER_SECOND;
    double sums = 2.0 * n * s * Float.BYTES / BYTES_PER_SECOND;
    return inputs + again < sums;
  }
}
