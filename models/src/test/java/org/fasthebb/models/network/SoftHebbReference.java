package org.fasthebb.models.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.fasthebb.engine.Tensor;

/**
 * SoftHebb's network with one loop per index, in float64. Maps are [b][y][x][c], weights
 * [n][i][j][c], statistics [c].
 */
final class SoftHebbReference {
  /**
   * A block of layers: standardisation, frame, neurons, triangle, pool.
   *
   * @param max whether pools take maxima rather than means; means need a power of 1 here
   */
  record Block(int neurons, int kernel, float sharpness, float rate, float power, boolean max) {}

  /** The architecture of some blocks, which has powers after pools. */
  static Architecture architecture(int side, List<Block> blocks) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      int number = i + 1;
      layers.add(new Layer.Standardised("bn" + number));
      layers.add(new Layer.Reflected("pad" + number, block.kernel() / 2));
      layers.add(
          new Layer.Neural(
              "conv" + number, block.neurons(), block.kernel(), block.sharpness(), block.rate()));
      layers.add(new Layer.Centred("relu" + number));
      layers.add(
          block.max()
              ? new Layer.OverlappingMaxPooled("pool" + number)
              : new Layer.MeanPooled("pool" + number));
      if (block.power() != 1) {
        layers.add(new Layer.Raised("power" + number, block.power()));
      }
    }
    return new Architecture("blocks", side, "out", layers);
  }

  final double[][][][][] weights;
  final double[][] means;
  final double[][] variances;
  private final List<Block> blocks;

  /** Takes over the weights of a network that has not learned yet. */
  SoftHebbReference(Network network, List<Block> blocks) {
    this.blocks = blocks;
    weights = new double[blocks.size()][][][][];
    means = new double[blocks.size()][];
    variances = new double[blocks.size()][];
    for (int i = 0; i < blocks.size(); i++) {
      weights[i] = maps(network.tensors().get("conv" + (i + 1) + ".weight"));
      int channels = weights[i][0][0][0].length;
      means[i] = new double[channels];
      variances[i] = new double[channels];
      Arrays.fill(variances[i], 1);
    }
  }

  /** A tensor of rank 4 as arrays. */
  static double[][][][] maps(Tensor x) {
    double[][][][] maps = new double[x.size(0)][x.size(1)][x.size(2)][x.size(3)];
    float[] values = x.toArray();
    int at = 0;
    for (double[][][] image : maps) {
      for (double[][] row : image) {
        for (double[] pixel : row) {
          for (int c = 0; c < pixel.length; c++) {
            pixel[c] = values[at++];
          }
        }
      }
    }
    return maps;
  }

  /**
   * The last block's maps for images; with {@code learning}, those of training, followed by a step.
   */
  double[][][][] run(double[][][][] images, boolean learning) {
    double[][][][] x = images;
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      double[][][][] normal = normalized(i, x, learning);
      double[][][][] u = convolved(normal, weights[i]);
      if (learning) {
        weights[i] = learned(block, normal, u, weights[i]);
      }
      x = pooled(triangle(u, block.power()), block.max());
    }
    return x;
  }

  private double[][][][] normalized(int i, double[][][][] x, boolean learning) {
    int n = x.length * x[0].length * x[0].length;
    double[][][][] y = new double[x.length][x[0].length][x[0].length][means[i].length];
    for (int c = 0; c < means[i].length; c++) {
      double mean = means[i][c];
      double variance = variances[i][c];
      if (learning) {
        double batchMean = total(x, c, v -> v) / n;
        double squares = total(x, c, v -> (v - batchMean) * (v - batchMean));
        means[i][c] += 0.1 * (batchMean - means[i][c]);
        variances[i][c] += 0.1 * (squares / (n - 1) - variances[i][c]);
        mean = batchMean;
        variance = squares / n;
      }
      for (int b = 0; b < x.length; b++) {
        for (int h = 0; h < y[b].length; h++) {
          for (int w = 0; w < y[b].length; w++) {
            y[b][h][w][c] = (x[b][h][w][c] - mean) / Math.sqrt(variance + 1e-5);
          }
        }
      }
    }
    return y;
  }

  private static double total(double[][][][] x, int c, DoubleUnaryOperator of) {
    double sum = 0;
    for (double[][][] image : x) {
      for (double[][] row : image) {
        for (double[] pixel : row) {
          sum += of.applyAsDouble(pixel[c]);
        }
      }
    }
    return sum;
  }

  /** The pixel at (h, w) with mirrored padding; (h, w) may be outside of the image. */
  private static double[] at(double[][][] image, int h, int w) {
    int last = image.length - 1;
    int y = h < 0 ? -h : h > last ? 2 * last - h : h;
    int x = w < 0 ? -w : w > last ? 2 * last - w : w;
    return image[y][x];
  }

  private static double[][][][] convolved(double[][][][] x, double[][][][] weights) {
    int side = x[0].length;
    int k = weights[0].length;
    double[][][][] u = new double[x.length][side][side][weights.length];
    for (int b = 0; b < x.length; b++) {
      for (int h = 0; h < side; h++) {
        for (int w = 0; w < side; w++) {
          for (int n = 0; n < weights.length; n++) {
            for (int i = 0; i < k; i++) {
              for (int j = 0; j < k; j++) {
                double[] pixel = at(x[b], h + i - k / 2, w + j - k / 2);
                for (int c = 0; c < pixel.length; c++) {
                  u[b][h][w][n] += weights[n][i][j][c] * pixel[c];
                }
              }
            }
          }
        }
      }
    }
    return u;
  }

  private static double[][][][] learned(
      Block block, double[][][][] x, double[][][][] u, double[][][][] weights) {
    int k = block.kernel();
    int channels = weights[0][0][0].length;
    double[][][][] delta = new double[weights.length][k][k][channels];
    for (int b = 0; b < x.length; b++) {
      for (int h = 0; h < u[b].length; h++) {
        for (int w = 0; w < u[b].length; w++) {
          double[] y = shares(u[b][h][w], block.sharpness());
          for (int n = 0; n < y.length; n++) {
            for (int i = 0; i < k; i++) {
              for (int j = 0; j < k; j++) {
                double[] pixel = at(x[b], h + i - k / 2, w + j - k / 2);
                for (int c = 0; c < channels; c++) {
                  delta[n][i][j][c] += y[n] * (pixel[c] - u[b][h][w][n] * weights[n][i][j][c]);
                }
              }
            }
          }
        }
      }
    }
    double largest = 0;
    for (int c = 0; c < channels; c++) {
      largest = Math.max(largest, largest(delta, c));
    }
    double[][][][] next = new double[weights.length][k][k][channels];
    for (int n = 0; n < weights.length; n++) {
      double[][][][] own = {weights[n]};
      double squares = 0;
      for (int c = 0; c < channels; c++) {
        squares += total(own, c, v -> v * v);
      }
      double rate = block.rate() * Math.sqrt(Math.abs(Math.sqrt(squares) - 1) + 1e-10);
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          for (int c = 0; c < channels; c++) {
            next[n][i][j][c] = weights[n][i][j][c] + rate * delta[n][i][j][c] / largest;
          }
        }
      }
    }
    return next;
  }

  private static double largest(double[][][][] x, int c) {
    double[] largest = {0};
    total(x, c, v -> largest[0] = Math.max(largest[0], Math.abs(v)));
    return largest[0];
  }

  /** Softmax of t u, with the sign reversed for all but the winner. */
  private static double[] shares(double[] u, double t) {
    double max = Arrays.stream(u).max().orElseThrow();
    double sum = Arrays.stream(u).map(v -> Math.exp(t * (v - max))).sum();
    return Arrays.stream(u).map(v -> Math.exp(t * (v - max)) / sum * (v == max ? 1 : -1)).toArray();
  }

  private static double[][][][] triangle(double[][][][] u, double power) {
    double[][][][] out = new double[u.length][u[0].length][u[0].length][];
    for (int b = 0; b < u.length; b++) {
      for (int h = 0; h < u[b].length; h++) {
        for (int w = 0; w < u[b].length; w++) {
          double mean = Arrays.stream(u[b][h][w]).average().orElseThrow();
          out[b][h][w] =
              Arrays.stream(u[b][h][w]).map(v -> Math.pow(Math.max(0, v - mean), power)).toArray();
        }
      }
    }
    return out;
  }

  /** Maxima of 4x4 windows with padding, or means of 2x2 windows; the stride is 2. */
  private static double[][][][] pooled(double[][][][] x, boolean max) {
    int side = x[0].length / 2;
    int channels = x[0][0][0].length;
    double[][][][] out = new double[x.length][side][side][channels];
    int reach = max ? 1 : 0;
    for (int b = 0; b < x.length; b++) {
      for (int h = 0; h < side; h++) {
        for (int w = 0; w < side; w++) {
          for (int c = 0; c < channels; c++) {
            double largest = 0;
            double sum = 0;
            for (int i = Math.max(0, 2 * h - reach); i < 2 * h + 2 + reach; i++) {
              for (int j = Math.max(0, 2 * w - reach); j < 2 * w + 2 + reach; j++) {
                if (i < x[b].length && j < x[b].length) {
                  largest = Math.max(largest, x[b][i][j][c]);
                  sum += x[b][i][j][c];
                }
              }
            }
            out[b][h][w][c] = max ? largest : sum / 4;
          }
        }
      }
    }
    return out;
  }
}
