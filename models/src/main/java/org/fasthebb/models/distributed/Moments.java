package org.fasthebb.models.distributed;

/**
 * Mean and spread of the rows of some shards, channel by channel, merged in double precision by the
 * formula of Chan, Golub and LeVeque (1979, "Updating Formulae and a Pairwise Algorithm for
 * Computing Sample Variances").
 *
 * @param mean (n)
 * @param squares sum of squared distances from the mean (n)
 * @param rows number of rows
 */
record Moments(double[] mean, double[] squares, long rows) {
  /** Those of one shard, from its means and biased variances (2, n). */
  static Moments of(float[] values, long rows) {
    int n = values.length / 2;
    double[] mean = new double[n];
    double[] squares = new double[n];
    for (int c = 0; c < n; c++) {
      mean[c] = values[c];
      squares[c] = (double) values[n + c] * rows;
    }
    return new Moments(mean, squares, rows);
  }

  /** Those of both. */
  Moments plus(Moments other) {
    int n = mean.length;
    long all = rows + other.rows;
    double[] means = new double[n];
    double[] sums = new double[n];
    for (int c = 0; c < n; c++) {
      double d = other.mean[c] - mean[c];
      means[c] = mean[c] + d * other.rows / all;
      sums[c] = squares[c] + other.squares[c] + d * d * rows * other.rows / all;
    }
    return new Moments(means, sums, all);
  }

  /** Means and biased variances (2, n). */
  float[] values() {
    int n = mean.length;
    float[] values = new float[2 * n];
    for (int c = 0; c < n; c++) {
      values[c] = (float) mean[c];
      values[n + c] = (float) (squares[c] / rows);
    }
    return values;
  }
}
