package org.fasthebb.hebb;

import static org.fasthebb.hebb.PaperReference.dot;
import static org.fasthebb.hebb.PaperReference.norm;

import java.util.Arrays;
import org.fasthebb.engine.Tensor;

/**
 * The equations of the rules that are not in the paper, for eta = 1, with one loop per index, in
 * float64.
 */
final class RuleReference {
  private final double[][] x;
  private final double[][] w;
  private final int n;
  private final int s;

  RuleReference(Tensor x, Tensor w) {
    this.x = Tensors.rows(x);
    this.w = Tensors.rows(w);
    n = w.size(0);
    s = w.size(1);
  }

  /** w x. */
  double[][] output() {
    double[][] y = new double[x.length][n];
    for (int b = 0; b < x.length; b++) {
      for (int i = 0; i < n; i++) {
        y[b][i] = dot(w[i], x[b]);
      }
    }
    return y;
  }

  /**
   * 1 where the cosine is at least the k-th largest, where equal cosines count separately, else 0.
   */
  double[][] winners(int k) {
    double[][] r = new double[x.length][n];
    for (int b = 0; b < x.length; b++) {
      double[] cosines = new double[n];
      for (int i = 0; i < n; i++) {
        cosines[i] = dot(w[i], x[b]) / norm(w[i]) / norm(x[b]);
      }
      double[] sorted = cosines.clone();
      Arrays.sort(sorted);
      for (int i = 0; i < n; i++) {
        r[b][i] = cosines[i] >= sorted[Math.max(0, n - k)] ? 1 : 0;
      }
    }
    return r;
  }

  /** sum_b R_bn (x_b - w_n) / sum_b R_bn. */
  double[][] hardWta(int k) {
    double[][] r = winners(k);
    double[][] delta = new double[n][s];
    for (int i = 0; i < n; i++) {
      double won = 0;
      for (double[] shares : r) {
        won += shares[i];
      }
      for (int b = 0; b < x.length; b++) {
        for (int j = 0; j < s; j++) {
          delta[i][j] += r[b][i] * (x[b][j] - w[i][j]) / Math.max(1, won);
        }
      }
    }
    return delta;
  }

  /** 1/B sum_b y_bn (x_b - y_bn w_n). */
  double[][] oja() {
    double[][] y = output();
    double[][] delta = new double[n][s];
    for (int b = 0; b < x.length; b++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < s; j++) {
          delta[i][j] += y[b][i] * (x[b][j] - y[b][i] * w[i][j]) / x.length;
        }
      }
    }
    return delta;
  }

  /** 1/B sum_b y_bn (x_b - sum_m y_bm w_m). */
  double[][] subspace() {
    double[][] y = output();
    double[][] delta = new double[n][s];
    for (int b = 0; b < x.length; b++) {
      for (int j = 0; j < s; j++) {
        double explained = 0;
        for (int m = 0; m < n; m++) {
          explained += y[b][m] * w[m][j];
        }
        for (int i = 0; i < n; i++) {
          delta[i][j] += y[b][i] * (x[b][j] - explained) / x.length;
        }
      }
    }
    return delta;
  }

  /** sqrt(||w_n| - 1| + 1e-10) D_n / max |D|, D_n = sum_b y_bn (x_b - u_bn w_n). */
  double[][] softHebb(double t) {
    double[][] u = output();
    double[][] delta = new double[n][s];
    double largest = 0;
    for (int b = 0; b < x.length; b++) {
      double max = Arrays.stream(u[b]).max().orElseThrow();
      double sum = Arrays.stream(u[b]).map(v -> Math.exp(t * (v - max))).sum();
      for (int i = 0; i < n; i++) {
        double y = Math.exp(t * (u[b][i] - max)) / sum * (u[b][i] == max ? 1 : -1);
        for (int j = 0; j < s; j++) {
          delta[i][j] += y * (x[b][j] - u[b][i] * w[i][j]);
        }
      }
    }
    for (double[] row : delta) {
      largest = Math.max(largest, Arrays.stream(row).map(Math::abs).max().orElseThrow());
    }
    for (int i = 0; i < n; i++) {
      double length = Math.sqrt(dot(w[i], w[i])); // 0 stays 0
      double rate = Math.sqrt(Math.abs(length - 1) + 1e-10);
      for (int j = 0; j < s; j++) {
        delta[i][j] *= rate / (largest + 1e-30);
      }
    }
    return delta;
  }
}
