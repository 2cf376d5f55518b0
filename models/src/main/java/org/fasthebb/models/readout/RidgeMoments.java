package org.fasthebb.models.readout;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.learn.Classifier;

/**
 * What every way to solve {@link RidgeSystem ridge regression} sums over its rows: with x_b and
 * y_b, the features and the one-hot label of row b, and r_b, its weight.
 */
final class RidgeMoments {
  private final TrainingRows rows;

  /** The sum of r_b. */
  final double total;

  /** The sum of r_b over each class, and so the sum of r_b y_b. */
  final double[] ofClass;

  /** The mean (1, F) of x_b, in which row b counts r_b times. */
  final Tensor mean;

  /** T^T Z (C, F), the sum of r_b (y_b - mean y) (x_b - mean)^T. */
  final Tensor products;

  /** Sums over all rows, which are read once. */
  RidgeMoments(TrainingRows rows) {
    this.rows = rows;
    Backend backend = rows.backend();
    ofClass = new double[rows.classes()];
    double sum = 0;
    for (int b = 0; b < rows.size(); b++) {
      ofClass[rows.labels()[b]] += rows.weights()[b];
      sum += rows.weights()[b];
    }
    total = sum;
    products = backend.zeros(rows.classes(), rows.width());
    rows.forEachBlock((x, from) -> {
      int to = from + x.size(0);
      Tensor targets = rows.targets(from, to).times(rows.weights(from, to));
      contractAdd(products, "bn,bs->ns", targets, x);
    });
    mean = backend.zeros(1, rows.width());
    try (Scope _ = backend.scope()) {
      mean.assign(products.sum(0).timesAssign((float) (1 / total)));
      products.addAssign(column(ofClass).times(mean).timesAssign(-1));
    }
  }

  /** A target of row b without its weight: y_bc - mean y_c. */
  double target(int b, int c) {
    return (rows.labels()[b] == c ? 1 : 0) - ofClass[c] / total;
  }

  /**
   * The penalty of a weight: the weight times the mean |z_b|^2 or, if all rows are equal, the
   * weight.
   *
   * @param squares the sum of |z_b|^2
   */
  double penalty(double weight, double squares) {
    return squares > 0 ? weight * (squares / total) : weight;
  }

  /** Rows z_b = sqrt(r_b) (x_b - mean) of rows x (b, F), the first of which has number from. */
  Tensor centred(Tensor x, int from) {
    return x.minus(mean).timesAssign(rows.weights(from, from + x.size(0)).sqrt());
  }

  /**
   * The classifier of weights W (C, F), with the bias by which its mean score is the mean label.
   */
  Classifier classifier(Tensor w) {
    Backend backend = rows.backend();
    Tensor bias = backend.zeros(rows.classes());
    try (Scope _ = backend.scope()) {
      float[] atMean = contract("ns,bs->nb", w, mean).toArray();
      float[] shift = new float[atMean.length];
      for (int c = 0; c < shift.length; c++) {
        shift[c] = (float) (ofClass[c] / total - atMean[c]);
      }
      bias.write(shift);
    }
    return new Classifier(w, bias, rows.normalisation());
  }

  private Tensor column(double... values) {
    float[] column = new float[values.length];
    for (int i = 0; i < column.length; i++) {
      column[i] = (float) values[i];
    }
    Tensor tensor = rows.backend().empty(column.length, 1);
    tensor.write(column);
    return tensor;
  }
}
