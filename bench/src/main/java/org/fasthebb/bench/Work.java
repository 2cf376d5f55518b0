package org.fasthebb.bench;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.models.Architecture;

/** Multiplications that the small network cannot do without, as 10^9 floating point operations. */
final class Work {
  private Work() {}

  /** One layer's product of B patches with N neurons of patch size S. */
  private record Layer(long b, long n, long s) {
    double product() {
      return 2e-9 * b * n * s;
    }

    /** The cheaper of eq. 8 and the blocked residual, without the response. */
    double hpca() {
      double gram = product() + 2e-9 * (b * n * n + n * n * s);
      double block = Math.min(n, 64);
      double residual = 2 * product() + 2e-9 * n * block * (b + s);
      return new Hpca().formFor(b, n, s) == Hpca.Form.GRAM ? gram : residual;
    }
  }

  private static List<Layer> layers(int batch) {
    List<Layer> layers = new ArrayList<>();
    Architecture small = Architecture.small();
    long side = small.side();
    long channels = small.channels();
    for (Architecture.Block block : small.blocks()) {
      long out = side - block.kernel() + 1;
      layers.add(
          new Layer(
              batch * out * out, block.neurons(), channels * block.kernel() * block.kernel()));
      side = out / block.pool();
      channels = block.neurons();
    }
    return layers;
  }

  /** A step of pre-training. */
  static double pretraining(String rule, int batch) {
    double sum = 0;
    for (Layer layer : layers(batch)) {
      sum += layer.product() + (rule.equals("hpca") ? layer.hpca() : layer.product());
    }
    return sum;
  }

  /** A step of backprop: forward, weight gradients, and input gradients but for the images. */
  static double backprop(int batch) {
    double sum = -layers(batch).getFirst().product();
    for (Layer layer : layers(batch)) {
      sum += 3 * layer.product();
    }
    return sum;
  }
}
