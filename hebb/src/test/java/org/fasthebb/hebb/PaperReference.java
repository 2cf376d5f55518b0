package org.fasthebb.hebb;

import org.fasthebb.engine.Tensor;

/**
 * The paper's equations 5 and 7 for eta = 1, written out with one loop per index, in float64. Where
 * the paper is silent (similarity, zero norms) they follow the authors' code, see REFERENCE 2.2.
 */
final class PaperReference {
  private final double[][] x;
  private final double[][] w;
  private final int n;
  private final int s;

  PaperReference(Tensor x, Tensor w) {
    this.x = Tensors.rows(x);
    this.w = Tensors.rows(w);
    n = w.size(0);
    s = w.size(1);
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double norm(double[] a) {
    double norm = Math.sqrt(dot(a, a));
    return norm == 0 ? 1 : norm;
  }

  /** max(0, w x / |w|). */
  double[][] softWtaOutput() {
    double[][] y = new double[x.length][n];
    for (int b = 0; b < x.length; b++) {
      for (int i = 0; i < n; i++) {
        y[b][i] = Math.max(0, dot(w[i], x[b]) / norm(w[i]));
      }
    }
    return y;
  }

  /** R: softmax over the neurons of ((1 + cos(x, w)) / 2)^2 / T. */
  double[][] competition(double temperature) {
    double[][] r = new double[x.length][n];
    for (int b = 0; b < x.length; b++) {
      double largest = 0;
      for (int i = 0; i < n; i++) {
        double cosine = dot(w[i], x[b]) / norm(w[i]) / norm(x[b]);
        r[b][i] = Math.pow((1 + cosine) / 2, 2) / temperature;
        largest = Math.max(largest, r[b][i]);
      }
      double sum = 0;
      for (int i = 0; i < n; i++) {
        r[b][i] = Math.exp(r[b][i] - largest);
        sum += r[b][i];
      }
      for (int i = 0; i < n; i++) {
        r[b][i] /= sum;
      }
    }
    return r;
  }

  /** Eq. 5: sum_b C_bn R_bn (X_bs - W_ns), C = R / sum_b R. */
  double[][] softWta(double temperature) {
    double[][] r = competition(temperature);
    double[][] delta = new double[n][s];
    for (int i = 0; i < n; i++) {
      double total = 0;
      for (double[] shares : r) {
        total += shares[i];
      }
      for (int b = 0; b < x.length; b++) {
        for (int j = 0; j < s; j++) {
          delta[i][j] += r[b][i] / total * r[b][i] * (x[b][j] - w[i][j]);
        }
      }
    }
    return delta;
  }

  /** max(0, w x). */
  double[][] hpcaOutput() {
    double[][] y = new double[x.length][n];
    for (int b = 0; b < x.length; b++) {
      for (int i = 0; i < n; i++) {
        y[b][i] = Math.max(0, dot(w[i], x[b]));
      }
    }
    return y;
  }

  /** Eq. 7: 1/B sum_b Y_bn (X_bs - sum_{n' up to n} Y_bn' W_n's). */
  double[][] hpca() {
    double[][] y = hpcaOutput();
    double[][] delta = new double[n][s];
    for (int b = 0; b < x.length; b++) {
      double[] explained = new double[s];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < s; j++) {
          explained[j] += y[b][i] * w[i][j];
          delta[i][j] += y[b][i] * (x[b][j] - explained[j]) / x.length;
        }
      }
    }
    return delta;
  }
}
