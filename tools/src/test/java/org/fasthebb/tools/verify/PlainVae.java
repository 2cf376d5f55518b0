package org.fasthebb.tools.verify;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.models.random.Rng;

/**
 * The auto-encoder around the small network in float64 and PyTorch's order of axes, with plain
 * loops: an image is double[c h w]. Parameters are drawn as they are for golden files.
 */
final class PlainVae {
  private static final int CHANNELS = 3;
  private static final int SIDE = 32;
  private static final int FEATURES = 4096;
  private static final int TOP = 256 * 3 * 3;

  private final long seed;
  private final int latents;
  private final Map<String, double[]> parameters = new LinkedHashMap<>();

  PlainVae(long seed, int latents) {
    this.seed = seed;
    this.latents = latents;
    layer("conv1", 96, 75, 96, "bn1");
    layer("conv2", 128, 864, 128, "bn2");
    layer("conv3", 192, 1152, 192, "bn3");
    layer("conv4", 256, 1728, 256, "bn4");
    layer("fc5", FEATURES, TOP, FEATURES, "bn5");
    layer("fc6", 10, FEATURES, 10, null);
    layer("fc_mu", latents, FEATURES, latents, null);
    layer("fc_var", latents, FEATURES, latents, null);
    layer("dec_fc0", FEATURES, latents, FEATURES, "dec_bn0");
    layer("dec_fc1", TOP, FEATURES, TOP, "dec_bn1");
    layer("dec_conv2", 256, 192 * 9, 192, "dec_bn2");
    layer("dec_conv3", 192, 128 * 9, 128, "dec_bn3");
    layer("dec_conv4", 128, 96 * 9, 96, "dec_bn4");
    layer("dec_conv5", 96, 3 * 25, 3, "dec_bn5");
  }

  /** Weights (rows, fan), and a bias and a norm for each of so many channels. */
  private void layer(String name, int rows, int fan, int channels, String norm) {
    draw(name + ".weight", rows * fan, 1 / Math.sqrt(fan), 0);
    draw(name + ".bias", channels, 1 / Math.sqrt(fan), 0);
    if (norm != null) {
      draw(norm + ".weight", channels, 0.1, 1);
      draw(norm + ".bias", channels, 0.1, 0);
      draw(norm + ".running_mean", channels, 0.1, 0);
      draw(norm + ".running_var", channels, 0.5, 1);
    }
  }

  private void draw(String name, int n, double a, double b) {
    long stream = seed * 1000 + parameters.size();
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = a * (2.0 * Rng.uniform(stream, i) - 1) + b;
    }
    parameters.put(name, values);
  }

  /** The results of a pass that a golden file has; losses are error, divergence and total. */
  record Pass(
      double[] features,
      double[] mu,
      double[] logVariance,
      double[] latents,
      double[] reconstruction,
      double[] losses) {}

  /**
   * A pass of b images.
   *
   * @param training whether batch norms use the statistics of the batch
   */
  Pass pass(double[] images, double[] eps, int b, boolean training) {
    double[][] x = rows(images, b);
    x = relu(convolve("conv1", x, CHANNELS, SIDE, 5));
    int[][] firstMaxima = maxima(x, 96, 28);
    x = norm("bn1", taken(x, firstMaxima), training);
    x = norm("bn2", relu(convolve("conv2", x, 96, 14, 3)), training);
    x = relu(convolve("conv3", x, 128, 12, 3));
    int[][] thirdMaxima = maxima(x, 192, 10);
    x = norm("bn3", taken(x, thirdMaxima), training);
    x = norm("bn4", relu(convolve("conv4", x, 192, 5, 3)), training);
    double[][] features = norm("bn5", relu(linear("fc5", x)), training);
    double[][] mu = linear("fc_mu", features);
    double[][] logVariance = linear("fc_var", features);
    double[][] z = new double[b][latents];
    double divergence = 0;
    for (int i = 0; i < b; i++) {
      for (int n = 0; n < latents; n++) {
        double variance = Math.exp(logVariance[i][n]);
        z[i][n] = mu[i][n] + Math.sqrt(variance) * eps[i * latents + n];
        divergence -= 0.5 * (1 + logVariance[i][n] - mu[i][n] * mu[i][n] - variance) / b;
      }
    }
    x = norm("dec_bn0", relu(linear("dec_fc0", z)), training);
    x = norm("dec_bn1", relu(linear("dec_fc1", x)), training);
    x = relu(paint("dec_conv2", x, 256, 3, 3));
    x = norm("dec_bn2", put(x, thirdMaxima, 192 * 100), training);
    x = norm("dec_bn3", relu(paint("dec_conv3", x, 192, 10, 3)), training);
    x = relu(paint("dec_conv4", x, 128, 12, 3));
    x = norm("dec_bn4", put(x, firstMaxima, 96 * 28 * 28), training);
    double[] painted = flat(norm("dec_bn5", paint("dec_conv5", x, 96, 28, 5), training));
    double error = 0;
    for (int i = 0; i < images.length; i++) {
      error += (images[i] - painted[i]) * (images[i] - painted[i]) / images.length;
    }
    double[] losses = {error, divergence, error + 0.5 * divergence};
    return new Pass(flat(features), flat(mu), flat(logVariance), flat(z), painted, losses);
  }

  private static double[][] rows(double[] values, int b) {
    double[][] rows = new double[b][values.length / b];
    for (int i = 0; i < b; i++) {
      System.arraycopy(values, i * rows[i].length, rows[i], 0, rows[i].length);
    }
    return rows;
  }

  private static double[] flat(double[][] rows) {
    double[] flat = new double[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * rows[i].length, rows[i].length);
    }
    return flat;
  }

  private static double[][] relu(double[][] x) {
    for (double[] image : x) {
      for (int i = 0; i < image.length; i++) {
        image[i] = Math.max(0, image[i]);
      }
    }
    return x;
  }

  private double[][] linear(String name, double[][] x) {
    double[] w = parameters.get(name + ".weight");
    double[] bias = parameters.get(name + ".bias");
    int s = x[0].length;
    double[][] out = new double[x.length][bias.length];
    for (int b = 0; b < x.length; b++) {
      for (int n = 0; n < bias.length; n++) {
        double sum = bias[n];
        for (int i = 0; i < s; i++) {
          sum += w[n * s + i] * x[b][i];
        }
        out[b][n] = sum;
      }
    }
    return out;
  }

  /** Adds w times each pixel of a row to h outputs. */
  private static void add(double[] out, int to, double w, double[] in, int from, int h) {
    for (int x = 0; x < h; x++) {
      out[to + x] += w * in[from + x];
    }
  }

  private double[][] convolve(String name, double[][] x, int c, int side, int k) {
    double[] w = parameters.get(name + ".weight");
    double[] bias = parameters.get(name + ".bias");
    int h = side - k + 1;
    double[][] out = new double[x.length][bias.length * h * h];
    for (int b = 0; b < x.length; b++) {
      for (int n = 0; n < bias.length; n++) {
        Arrays.fill(out[b], n * h * h, (n + 1) * h * h, bias[n]);
        for (int s = 0; s < c * k * k; s++) {
          int from = (s / (k * k) * side + s / k % k) * side + s % k;
          for (int y = 0; y < h; y++) {
            add(out[b], (n * h + y) * h, w[n * c * k * k + s], x[b], from + y * side, h);
          }
        }
      }
    }
    return out;
  }

  /** The transposed convolution, of weights (c, n, k, k). */
  private double[][] paint(String name, double[][] x, int c, int side, int k) {
    double[] w = parameters.get(name + ".weight");
    double[] bias = parameters.get(name + ".bias");
    int h = side + k - 1;
    double[][] out = new double[x.length][bias.length * h * h];
    for (int b = 0; b < x.length; b++) {
      for (int n = 0; n < bias.length; n++) {
        Arrays.fill(out[b], n * h * h, (n + 1) * h * h, bias[n]);
      }
      for (int s = 0; s < c * bias.length * k * k; s++) {
        int in = s / (bias.length * k * k);
        int n = s / (k * k) % bias.length;
        int to = (n * h + s / k % k) * h + s % k;
        for (int y = 0; y < side; y++) {
          add(out[b], to + y * h, w[s], x[b], (in * side + y) * side, side);
        }
      }
    }
    return out;
  }

  /** The place of the maximum of each 2x2 window; of equal maxima, the first. */
  private static int[][] maxima(double[][] x, int c, int side) {
    int h = side / 2;
    int[][] maxima = new int[x.length][c * h * h];
    for (int b = 0; b < x.length; b++) {
      for (int i = 0; i < maxima[b].length; i++) {
        int corner = (i / (h * h) * side + i / h % h * 2) * side + i % h * 2;
        int best = corner;
        for (int at : new int[] {corner + 1, corner + side, corner + side + 1}) {
          best = x[b][at] > x[b][best] ? at : best;
        }
        maxima[b][i] = best;
      }
    }
    return maxima;
  }

  private static double[][] taken(double[][] x, int[][] at) {
    double[][] out = new double[x.length][at[0].length];
    for (int b = 0; b < x.length; b++) {
      for (int i = 0; i < at[b].length; i++) {
        out[b][i] = x[b][at[b][i]];
      }
    }
    return out;
  }

  private static double[][] put(double[][] x, int[][] at, int size) {
    double[][] out = new double[x.length][size];
    for (int b = 0; b < x.length; b++) {
      for (int i = 0; i < at[b].length; i++) {
        out[b][at[b][i]] = x[b][i];
      }
    }
    return out;
  }

  private double[][] norm(String name, double[][] x, boolean training) {
    double[] gamma = parameters.get(name + ".weight");
    double[] beta = parameters.get(name + ".bias");
    int pixels = x[0].length / gamma.length;
    double[][] out = new double[x.length][x[0].length];
    for (int c = 0; c < gamma.length; c++) {
      double mean = parameters.get(name + ".running_mean")[c];
      double variance = parameters.get(name + ".running_var")[c];
      if (training) {
        mean = 0;
        variance = 0;
        for (double[] image : x) {
          for (int i = c * pixels; i < (c + 1) * pixels; i++) {
            mean += image[i] / (x.length * pixels);
          }
        }
        for (double[] image : x) {
          for (int i = c * pixels; i < (c + 1) * pixels; i++) {
            variance += (image[i] - mean) * (image[i] - mean) / (x.length * pixels);
          }
        }
      }
      for (int b = 0; b < x.length; b++) {
        for (int i = c * pixels; i < (c + 1) * pixels; i++) {
          out[b][i] = gamma[c] * (x[b][i] - mean) / Math.sqrt(variance + 1e-5) + beta[c];
        }
      }
    }
    return out;
  }
}
