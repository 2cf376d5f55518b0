package org.fasthebb.models.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Tensor;

/**
 * An auto-encoder with one loop per index, in float64. Maps are [b][y][x][c]; features are maps of
 * one pixel.
 */
final class VaeReference {
  private final Map<String, Tensor> tensors;
  private final boolean training;

  /** For each pooling, the rows and columns of the maxima, and the size of the map. */
  private final List<int[][][][][]> places = new ArrayList<>();

  double[][][][] features;
  double[][][][] mu;
  double[][][][] logVariance;
  double[][][][] latents;
  double[][][][] reconstruction;

  /**
   * A pass of a network of two convolutions, the first of which is pooled by 2, a fully connected
   * layer, and the reverse of it.
   *
   * @param training whether batch norms use the statistics of the batch
   */
  VaeReference(Map<String, Tensor> tensors, boolean training, Tensor images, Tensor noise) {
    this.tensors = tensors;
    this.training = training;
    double[][][][] x = SoftHebbReference.maps(images);
    x = norm("bn1", pool(neurons("conv1", x)));
    x = norm("bn2", neurons("conv2", x));
    features = norm("bn3", neurons("fc3", x));
    mu = linear("fc_mu", features);
    logVariance = linear("fc_var", features);
    float[] eps = noise.toArray();
    int z = noise.size(1);
    latents =
        mapped(
            mu,
            (b, _, _, c) ->
                mu[b][0][0][c] + Math.exp(logVariance[b][0][0][c] / 2) * eps[b * z + c]);
    x = norm("dec_bn0", rectified(linear("dec_fc0", latents)));
    x = norm("dec_bn1", rectified(linear("dec_fc1", x)));
    int[] top = tensors.get("fc3.weight").shape();
    x = reshaped(x, top[1], top[3]);
    x = norm("dec_bn2", unpool(rectified(paint("dec_conv2", x))));
    reconstruction = norm("dec_bn3", paint("dec_conv3", x));
  }

  private interface Value {
    double at(int b, int y, int x, int c);
  }

  private static double[][][][] maps(int b, int h, int c, Value value) {
    double[][][][] maps = new double[b][h][h][c];
    for (int i = 0; i < b; i++) {
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < h; x++) {
          for (int n = 0; n < c; n++) {
            maps[i][y][x][n] = value.at(i, y, x, n);
          }
        }
      }
    }
    return maps;
  }

  private static double[][][][] mapped(double[][][][] x, Value value) {
    return maps(x.length, x[0].length, x[0][0][0].length, value);
  }

  private static double[][][][] rectified(double[][][][] x) {
    return mapped(x, (b, i, j, c) -> Math.max(0, x[b][i][j][c]));
  }

  private static double[][][][] reshaped(double[][][][] x, int side, int c) {
    return maps(x.length, side, c, (b, i, j, n) -> x[b][0][0][(i * side + j) * c + n]);
  }

  private double[] vector(String name) {
    float[] values = tensors.get(name).toArray();
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private double[][][][] neurons(String name, double[][][][] x) {
    double[][][][] w = SoftHebbReference.maps(tensors.get(name + ".weight"));
    double[] bias = vector(name + ".bias");
    int k = w[0].length;
    return rectified(
        maps(
            x.length,
            x[0].length - k + 1,
            w.length,
            (b, y, z, n) -> {
              double sum = bias[n];
              for (int i = 0; i < k; i++) {
                for (int j = 0; j < k; j++) {
                  for (int c = 0; c < w[n][i][j].length; c++) {
                    sum += w[n][i][j][c] * x[b][y + i][z + j][c];
                  }
                }
              }
              return sum;
            }));
  }

  /** Transposed convolution: every pixel adds a patch to the output. */
  private double[][][][] paint(String name, double[][][][] x) {
    double[][][][] w = SoftHebbReference.maps(tensors.get(name + ".weight"));
    double[] bias = vector(name + ".bias");
    int k = w[0].length;
    double[][][][] out = maps(x.length, x[0].length + k - 1, bias.length, (_, _, _, c) -> bias[c]);
    for (int b = 0; b < x.length; b++) {
      for (int y = 0; y < x[b].length; y++) {
        for (int z = 0; z < x[b].length; z++) {
          for (int n = 0; n < w.length; n++) {
            for (int i = 0; i < k; i++) {
              for (int j = 0; j < k; j++) {
                for (int c = 0; c < bias.length; c++) {
                  out[b][y + i][z + j][c] += w[n][i][j][c] * x[b][y][z][n];
                }
              }
            }
          }
        }
      }
    }
    return out;
  }

  private double[][][][] linear(String name, double[][][][] x) {
    double[] w = vector(name + ".weight");
    double[] bias = vector(name + ".bias");
    int f = w.length / bias.length;
    return maps(
        x.length,
        1,
        bias.length,
        (b, _, _, n) -> {
          double sum = bias[n];
          for (int i = 0; i < f; i++) {
            sum += w[n * f + i] * x[b][0][0][i];
          }
          return sum;
        });
  }

  private double[][][][] pool(double[][][][] x) {
    int side = x[0].length / 2;
    int[][][][][] won = new int[x.length][side][side][x[0][0][0].length][];
    places.add(won);
    return maps(
        x.length,
        side,
        x[0][0][0].length,
        (b, y, z, c) -> {
          double largest = Double.NEGATIVE_INFINITY;
          for (int i = 2 * y; i < 2 * y + 2; i++) {
            for (int j = 2 * z; j < 2 * z + 2; j++) {
              if (x[b][i][j][c] > largest) {
                largest = x[b][i][j][c];
                won[b][y][z][c] = new int[] {i, j};
              }
            }
          }
          return largest;
        });
  }

  private double[][][][] unpool(double[][][][] x) {
    int[][][][][] won = places.removeLast();
    double[][][][] out = maps(x.length, 2 * x[0].length, x[0][0][0].length, (_, _, _, _) -> 0);
    mapped(x, (b, y, z, c) -> out[b][won[b][y][z][c][0]][won[b][y][z][c][1]][c] = x[b][y][z][c]);
    return out;
  }

  private double[][][][] norm(String name, double[][][][] x) {
    double[] gamma = vector(name + ".weight");
    double[] beta = vector(name + ".bias");
    double[] mean = vector(name + ".running_mean");
    double[] variance = vector(name + ".running_var");
    if (training) {
      double share = 1.0 / (x.length * x[0].length * x[0].length);
      mean = new double[gamma.length];
      variance = new double[gamma.length];
      double[] sum = mean;
      mapped(x, (b, i, j, c) -> sum[c] += share * x[b][i][j][c]);
      double[] squares = variance;
      mapped(x, (b, i, j, c) -> squares[c] += share * Math.pow(x[b][i][j][c] - sum[c], 2));
    }
    double[] m = mean;
    double[] v = variance;
    return mapped(
        x, (b, i, j, c) -> gamma[c] * (x[b][i][j][c] - m[c]) / Math.sqrt(v[c] + 1e-5) + beta[c]);
  }
}
