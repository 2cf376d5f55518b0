package org.fasthebb.bench;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Layer.Neural;

/** The work that a network of the paper needs at least, in 10^9 floating point operations. */
final class Work {
  private Work() {}

  /** A layer of the network: valid convolution of images (batch, side, side, channels). */
  record Convolved(String name, int batch, int side, int channels, int kernel, int neurons) {
    /** Number of patches in the batch. */
    long b() {
      long out = (long) side - kernel + 1;
      return batch * out * out;
    }

    /** Number of values in a patch. */
    long s() {
      return (long) kernel * kernel * channels;
    }

    double product() {
      return 2e-9 * b() * neurons * s();
    }

    /**
     * The work of an HPCA update, by the cheaper of eq. 8 and the blocked residual, without the
     * response.
     */
    double hpca() {
      long n = neurons;
      double gram = product() + 2e-9 * (b() * n * n + n * n * s());
      double block = Math.min(n, Hpca.BLOCK);
      double residual = 2 * product() + 2e-9 * n * block * (b() + s());
      return new Hpca().formFor(b(), n, s()) == Hpca.Form.GRAM ? gram : residual;
    }
  }

  /** The layers of a network. */
  static List<Convolved> layers(Architecture network, int batch) {
    List<Convolved> layers = new ArrayList<>();
    for (Architecture.LayerInput input : network.inputs(network.side())) {
      if (input.layer() instanceof Neural neural) {
        int kernel = input.kernel(neural);
        int n = neural.neurons();
        layers.add(new Convolved(neural.name(), batch, input.size(), input.channels(), kernel, n));
      }
    }
    return layers;
  }

  /** A step of pre-training. */
  static double pretraining(Architecture network, String rule, int batch) {
    double sum = 0;
    for (Convolved layer : layers(network, batch)) {
      sum += layer.product() + (rule.equals("hpca") ? layer.hpca() : layer.product());
    }
    return sum;
  }

  /**
   * A step of backprop: forward, weight gradients, and input gradients of all layers but the first.
   */
  static double backprop(Architecture network, int batch) {
    double sum = -layers(network, batch).getFirst().product();
    for (Convolved layer : layers(network, batch)) {
      sum += 3 * layer.product();
    }
    return sum;
  }
}
