package org.fasthebb.models.linalg;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * One merge of divide and conquer: two diagonalised blocks [low, middle) and [middle, high) plus a
 * rank-one coupling become one.
 *
 * <p>Eigenpairs that the coupling does not change to working accuracy are kept ("deflated"); the
 * others follow from the secular equation. Row arrays move within [low, high) of the two row lists
 * only, so a row of a block is zero outside the columns of its block.
 */
final class Merge {
  private static final double EPSILON = 0x1p-53;

  /** Roots or rows per task. */
  private static final int BAND = 64;

  private final double[] values;
  private final double[][] rows;
  private final double[][] spare;
  private final int low;
  private final int middle;
  private final int high;

  /** Components of the coupling vector, and whether a row has nonzeros in either half. */
  private final double[] z;

  private final boolean[] left;
  private final boolean[] right;

  Merge(double[] values, double[][] rows, double[][] spare, int low, int middle, int high) {
    this.values = values;
    this.rows = rows;
    this.spare = spare;
    this.low = low;
    this.middle = middle;
    this.high = high;
    z = new double[high - low];
    left = new boolean[high - low];
    right = new boolean[high - low];
  }

  /** Merges; coupling is the element between rows middle - 1 and middle of the matrix. */
  void run(double coupling, Parallel parallel) {
    for (int k = low; k < high; k++) {
      left[k - low] = k < middle;
      right[k - low] = k >= middle;
      double end = k < middle ? rows[k][middle - 1] : Math.copySign(1, coupling) * rows[k][middle];
      z[k - low] = Math.sqrt(0.5) * end; // unit norm, as each half has norm 1
    }
    double rho = 2 * Math.abs(coupling);
    int[] kept = deflate(rho);
    double[] poles = Arrays.stream(kept).mapToDouble(k -> values[k]).toArray();
    if (kept.length > 0) {
      combine(kept, poles, rho, parallel);
    }
    sort();
  }

  /** Indices of the eigenpairs that change, by ascending value. */
  private int[] deflate(double rho) {
    double scale = 0;
    for (int k = low; k < high; k++) {
      scale = Math.max(scale, Math.max(Math.abs(values[k]), Math.abs(z[k - low])));
    }
    double tolerance = 8 * EPSILON * scale;
    int[] kept = new int[high - low];
    int count = 0;
    int pending = -1;
    for (int k : ascending()) {
      if (rho * Math.abs(z[k - low]) <= tolerance) {
        continue;
      }
      if (pending >= 0 && !rotatedAway(pending, k, tolerance)) {
        kept[count++] = pending;
      }
      pending = k;
    }
    if (pending >= 0) {
      kept[count++] = pending;
    }
    return Arrays.copyOf(kept, count);
  }

  /** If values p and k nearly agree, rotates the pair so that the coupling reaches k only. */
  private boolean rotatedAway(int p, int k, double tolerance) {
    double zp = z[p - low];
    double zk = z[k - low];
    double norm = Math.sqrt(zp * zp + zk * zk);
    double c = zk / norm;
    double s = -zp / norm;
    double gap = values[k] - values[p];
    if (Math.abs(gap * c * s) > tolerance) {
      return false;
    }
    z[k - low] = norm;
    z[p - low] = 0;
    TridiagonalQl.rotate(rows[p], rows[k], c, s, low, high);
    boolean anyLeft = left[p - low] || left[k - low];
    boolean anyRight = right[p - low] || right[k - low];
    left[p - low] = left[k - low] = anyLeft;
    right[p - low] = right[k - low] = anyRight;
    double vp = values[p];
    double vk = values[k];
    values[p] = vp * c * c + vk * s * s;
    values[k] = vp * s * s + vk * c * c;
    return true;
  }

  /** Replaces the kept eigenpairs by those of diag(poles) + rho z z^T. */
  private void combine(int[] kept, double[] poles, double rho, Parallel parallel) {
    int size = kept.length;
    double[] zk = Arrays.stream(kept).mapToDouble(k -> z[k - low]).toArray();
    var equation = new SecularEquation(poles, zk, rho);
    int bands = (size + BAND - 1) / BAND;
    parallel.run(bands, b -> each(b, size, equation::solve));
    double[] weight = new double[size];
    parallel.run(bands, b -> each(b, size, i -> weight[i] = weight(equation, poles, zk[i], i)));
    double[] scale = new double[size];
    parallel.run(
        bands,
        b ->
            each(
                b,
                size,
                o -> {
                  double sum = 0;
                  for (int i = 0; i < size; i++) {
                    double x = weight[i] / equation.distance(i, o);
                    sum += x * x;
                  }
                  scale[o] = 1 / Math.sqrt(sum);
                }));
    int[] inLeft = IntStream.range(0, size).filter(i -> left[kept[i] - low]).toArray();
    int[] inRight = IntStream.range(0, size).filter(i -> right[kept[i] - low]).toArray();
    double[][] leftRows =
        Arrays.stream(inLeft).mapToObj(i -> rows[kept[i]]).toArray(double[][]::new);
    double[][] rightRows =
        Arrays.stream(inRight).mapToObj(i -> rows[kept[i]]).toArray(double[][]::new);
    double[][] out = Arrays.copyOfRange(spare, low, low + size);
    parallel.run(
        bands,
        b -> {
          int from = b * BAND;
          int to = Math.min(from + BAND, size);
          for (int o = from; o < to; o++) {
            Arrays.fill(out[o], low, high, 0);
          }
          double[][] c = coefficients(equation, weight, scale, inLeft, from, to);
          RowProduct.add(out, from, to, c, leftRows, leftRows.length, low, middle);
          c = coefficients(equation, weight, scale, inRight, from, to);
          RowProduct.add(out, from, to, c, rightRows, rightRows.length, middle, high);
        });
    for (int o = 0; o < size; o++) {
      spare[low + o] = rows[kept[o]];
      rows[kept[o]] = out[o];
      values[kept[o]] = equation.root(o);
    }
  }

  /**
   * The component of z for which the computed roots are exact (Gu and Eisenstat), up to a common
   * factor.
   */
  private static double weight(SecularEquation equation, double[] poles, double sign, int i) {
    int size = poles.length;
    double product = -equation.distance(i, i);
    for (int j = 0; j < size; j++) {
      if (j != i) {
        product *= equation.distance(i, j) / (poles[i] - poles[j]);
      }
    }
    return Math.copySign(Math.sqrt(Math.abs(product)), sign);
  }

  /** Components, among the chosen poles, of the unit eigenvectors of roots [from, to). */
  private static double[][] coefficients(
      SecularEquation equation, double[] weight, double[] scale, int[] chosen, int from, int to) {
    double[][] c = new double[to - from][chosen.length];
    for (int o = from; o < to; o++) {
      for (int i = 0; i < chosen.length; i++) {
        c[o - from][i] = scale[o] * weight[chosen[i]] / equation.distance(chosen[i], o);
      }
    }
    return c;
  }

  private static void each(int band, int size, IntConsumer body) {
    for (int i = band * BAND; i < Math.min(band * BAND + BAND, size); i++) {
      body.accept(i);
    }
  }

  private int[] ascending() {
    return IntStream.range(low, high)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> values[k]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private void sort() {
    int[] order = ascending();
    double[] sortedValues = new double[order.length];
    double[][] sortedRows = new double[order.length][];
    for (int k = 0; k < order.length; k++) {
      sortedValues[k] = values[order[k]];
      sortedRows[k] = rows[order[k]];
    }
    System.arraycopy(sortedValues, 0, values, low, order.length);
    System.arraycopy(sortedRows, 0, rows, low, order.length);
  }
}
