package org.fasthebb.models.readout;

import static org.fasthebb.engine.Contraction.contract;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.SecondMoments;
import org.fasthebb.models.learn.Classifier;
import org.fasthebb.models.linalg.Cholesky;

/**
 * The equations of ridge regression on one-hot labels: the weights W (C, F) and biases that
 * minimise sum_b r_b |W x_b + bias - y_b|^2 + penalty |W|^2, for rows x_b of weights r_b.
 *
 * <p>The best bias makes the mean score the mean label, so both are subtracted first. With rows z_b
 * = sqrt(r_b) (x_b - mean) of Z (n, F) and targets t_b = sqrt(r_b) (y_b - mean) of T (n, C), W is
 *
 * <ul>
 *   <li>T^T Z (Z^T Z + penalty I)^-1, the primal form, with F equations, or
 *   <li>T^T (Z Z^T + penalty I)^-1 Z, the dual form, with n equations.
 * </ul>
 *
 * <p>Both are the same; the one with fewer equations is solved. Products are float32 sums of the
 * backend, which are added up and solved in double precision.
 */
final class RidgeSystem {
  /** The most rows that are left out, one at a time, to estimate accuracy. */
  private static final int LEFT_OUT = 2000;

  private final TrainingRows rows;
  private final RidgeMoments moments;
  private final Backend backend;
  private final int classes;
  private final int features;

  /** Z in the dual form; null in the primal form. */
  private final Tensor z;

  private final int n;

  /** Z Z^T or Z^T Z, (n, n), without the penalty. */
  private final double[] products;

  /** The sum of |z_b|^2. */
  private final double squares;

  RidgeSystem(TrainingRows rows) {
    this(rows, isDual(rows.size(), rows.width()));
  }

  private static boolean isDual(int rows, int features) {
    return rows < features;
  }

  /**
   * An upper bound of the memory that the equations take, in bytes: n^2 products in double
   * precision and, at a time, either two copies in float32 or a Cholesky factor, which is half as
   * large; Z in the dual form; and the vectors of rows that are left out.
   */
  static double bytes(int rows, int features) {
    double n = Math.min(rows, features);
    double z = isDual(rows, features) ? (double) rows * features * Float.BYTES : 0;
    return n * n * (Double.BYTES + 2 * Float.BYTES) + z + n * LEFT_OUT * Double.BYTES;
  }

  /** Whether products and Z, in the dual form, fit into one array each. */
  static boolean fitsArrays(int rows, int features) {
    long n = Math.min(rows, features);
    return n * n <= Integer.MAX_VALUE
        && (!isDual(rows, features) || n * features <= Integer.MAX_VALUE);
  }

  /** The equations in the dual or the primal form. */
  RidgeSystem(TrainingRows rows, boolean dual) {
    this.rows = rows;
    backend = rows.backend();
    classes = rows.classes();
    features = rows.width();
    moments = new RidgeMoments(rows);
    if (dual) {
      n = rows.size();
      z = rows.all();
      try (Scope _ = backend.scope()) {
        z.addAssign(moments.mean.times(-1)).timesAssign(rows.weights(0, n).sqrt());
        products = doubles(contract("as,bs->ab", z, z));
      }
    } else {
      n = features;
      z = null;
      SecondMoments second = new SecondMoments(backend, features);
      rows.forEachBlock((x, from) -> second.add(moments.centred(x, from)));
      products = second.times(1);
    }
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += products[i * n + i];
    }
    squares = trace;
  }

  static double[] doubles(Tensor tensor) {
    float[] values = tensor.toArray();
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  /**
   * A solution.
   *
   * @param classifier of features that are not normalised yet
   * @param factor of the equations
   * @param penalty added to their diagonal
   */
  record Solution(Classifier classifier, Cholesky factor, double penalty) {}

  /**
   * Solves the equations.
   *
   * @param weight the penalty, as a multiple of the mean |z|^2; over 0
   * @throws ArithmeticException if the weight is too small for the precision of float32
   */
  Solution solve(double weight) {
    double penalty = moments.penalty(weight, squares);
    Cholesky factor = Cholesky.of(products, n, penalty, backend::parallel);
    double[][] right = right();
    factor.solve(right, backend::parallel);
    Tensor w = backend.zeros(classes, features);
    float[] solved = new float[classes * n];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < classes; c++) {
        solved[c * n + i] = (float) right[i][c];
      }
    }
    try (Scope _ = backend.scope()) {
      Tensor coefficients = backend.empty(classes, n);
      coefficients.write(solved);
      w.assign(z == null ? coefficients : contract("na,as->ns", coefficients, z));
    }
    return new Solution(moments.classifier(w), factor, penalty);
  }

  /** The right-hand sides (n, C): T in the dual form, Z^T T in the primal form. */
  private double[][] right() {
    double[][] right = new double[n][classes];
    float[] sums = z == null ? moments.products.toArray() : null;
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < classes; c++) {
        right[i][c] =
            z == null ? sums[c * n + i] : Math.sqrt(rows.weights()[i]) * moments.target(i, c);
      }
    }
    return right;
  }

  /**
   * The accuracy on the first rows if each were left out of training, in closed form: leaving out
   * row i multiplies its residual by 1 / (1 - h_i), where h_i is how far its score follows its own
   * label. All weights must be 1.
   */
  double leaveOneOut(Solution solution) {
    int count = Math.min(rows.size(), LEFT_OUT);
    double[][] vectors = new double[n][count];
    float[] scores = new float[count * classes];
    rows.forEachBlock((x, from) -> {
      int to = Math.min(count, from + x.size(0));
      if (from >= count) {
        return;
      }
      Tensor some = x.slice(0, 0, to - from);
      Tensor w = solution.classifier.weight();
      float[] block = contract("bs,ns->bn", some, w).plus(solution.classifier.bias()).toArray();
      System.arraycopy(block, 0, scores, from * classes, block.length);
      float[] values = z == null ? moments.centred(some, from).toArray() : null;
      for (int b = from; b < to; b++) {
        for (int i = 0; i < n; i++) {
          vectors[i][b] = z != null ? (i == b ? 1 : 0) : values[(b - from) * n + i];
        }
      }
    });
    solution.factor.solveLower(vectors, backend::parallel);
    double[] lengths = new double[count];
    for (double[] row : vectors) {
      for (int b = 0; b < count; b++) {
        lengths[b] += row[b] * row[b];
      }
    }
    int hits = 0;
    for (int b = 0; b < count; b++) {
      double free =
          (z == null ? 1 - lengths[b] : solution.penalty * lengths[b]) - 1 / moments.total;
      hits += best(scores, b, free) == rows.labels()[b] ? 1 : 0;
    }
    return (double) hits / count;
  }

  /** The class of the highest score of a row that was left out; {@code free} is 1 - h. */
  private int best(float[] scores, int row, double free) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      double target = rows.labels()[row] == c ? 1 : 0;
      double score = target - (target - scores[row * classes + c]) / free;
      if (score > highest) {
        best = c;
        highest = score;
      }
    }
    return best;
  }
}
