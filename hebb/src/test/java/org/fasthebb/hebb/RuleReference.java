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

  /** max(0, w x). */
  double[][] rectifiedOutput() {
    double[][] y = output();
    for (double[] row : y) {
      Arrays.setAll(row, i -> Math.max(0, row[i]));
    }
    return y;
  }

  /** w x / |w|. */
  double[][] projections() {
    double[][] y = output();
    for (double[] row : y) {
      Arrays.setAll(row, i -> row[i] / norm(w[i]));
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

  /** 1/B sum_b (g(y_bn) x_b - y_bn sum_m g(y_bm) w_m), g(y) = 2y - tanh(y). */
  double[][] ica() {
    double[][] y = output();
    double[][] delta = new double[n][s];
    for (int b = 0; b < x.length; b++) {
      for (int j = 0; j < s; j++) {
        double fedBack = 0;
        for (int m = 0; m < n; m++) {
          fedBack += (2 * y[b][m] - Math.tanh(y[b][m])) * w[m][j];
        }
        for (int i = 0; i < n; i++) {
          double g = 2 * y[b][i] - Math.tanh(y[b][i]);
          delta[i][j] += (g * x[b][j] - y[b][i] * fedBack) / x.length;
        }
      }
    }
    return delta;
  }

  /** The codes after as many proximal gradient steps as the rule takes, patch by patch. */
  double[][] codes(double lambda) {
    double[][] y = output();
    double[][] codes = new double[x.length][n];
    double[] bound = new double[n];
    double[][] inhibition = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int m = 0; m < n; m++) {
        inhibition[i][m] = dot(w[i], w[m]);
        bound[i] += Math.abs(inhibition[i][m]);
      }
    }
    for (int b = 0; b < x.length; b++) {
      for (int step = 0; step < SparseCoding.STEPS; step++) {
        double[] next = new double[n];
        for (int i = 0; i < n; i++) {
          double force = y[b][i] - lambda * (1 + inhibition[i][i]) / 2;
          for (int m = 0; m < n; m++) {
            force -= inhibition[i][m] * codes[b][m];
          }
          next[i] = Math.max(0, codes[b][i] + force / (bound[i] == 0 ? 1 : bound[i]));
        }
        codes[b] = next;
      }
    }
    return codes;
  }

  /** 1/B sum_b a_bn (x_b - sum_m a_bm w_m - lambda w_n). */
  double[][] sparseCoding(double lambda) {
    double[][] a = codes(lambda);
    double[][] delta = new double[n][s];
    for (int b = 0; b < x.length; b++) {
      for (int j = 0; j < s; j++) {
        double explained = 0;
        for (int m = 0; m < n; m++) {
          explained += a[b][m] * w[m][j];
        }
        for (int i = 0; i < n; i++) {
          delta[i][j] += a[b][i] * (x[b][j] - explained - lambda * w[i][j]) / x.length;
        }
      }
    }
    return delta;
  }

  /** The mean over patches of E_b, which sparse coding minimises, for given codes. */
  double energy(double[][] codes, double lambda) {
    double energy = 0;
    for (int b = 0; b < x.length; b++) {
      for (int j = 0; j < s; j++) {
        double left = x[b][j];
        for (int m = 0; m < n; m++) {
          left -= codes[b][m] * w[m][j];
        }
        energy += left * left / 2;
      }
      for (int m = 0; m < n; m++) {
        energy += lambda * codes[b][m] * (1 + dot(w[m], w[m])) / 2;
      }
    }
    return energy / x.length;
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
