package org.fasthebb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.fasthebb.models.network.Architecture;
import org.junit.jupiter.api.Test;

/** Counts of multiplications, against those worked out by hand from the network's table. */
class WorkTest {
  /** B N S of conv1, conv2, conv3, conv4 and fc5 with 64 images, in 10^9. */
  private static final List<Double> PRODUCTS =
      List.of(
          50_176 * 96 * 75e-9,
          9_216 * 128 * 864e-9,
          6_400 * 192 * 1152e-9,
          576 * 256 * 1728e-9,
          64 * 4096 * 2304e-9);

  @Test
  void stepsOfTheSmallNetwork() {
    double forward = PRODUCTS.stream().mapToDouble(p -> p).sum();
    assertEquals(3.655, forward, 0.001);
    assertEquals(2 * 2 * forward, Work.pretraining(Architecture.small(), "swta", 64), 1e-6);
    assertEquals(
        2 * (3 * forward - PRODUCTS.getFirst()), Work.backprop(Architecture.small(), 64), 1e-6);
    // conv1 to conv4 by the Gram matrix, fc5 by the residual of blocks of 24 neurons
    double squares = 50_176 * 96 * 96e-9 + 9_216 * 128 * 128e-9 + 6_400 * 192 * 192e-9;
    squares += 576 * 256 * 256e-9;
    double triangles = 96 * 96 * 75e-9 + 128 * 128 * 864e-9 + 192 * 192 * 1152e-9;
    triangles += 256 * 256 * 1728e-9;
    double fc5 = PRODUCTS.getLast() + 24 * 4096 * (64 + 2304) * 1e-9;
    double hpca = 2 * forward + squares + triangles + fc5;
    assertEquals(2 * hpca, Work.pretraining(Architecture.small(), "hpca", 64), 1e-6);
  }

  /** The forward pass of the network for ImageNet takes 2,828,616,192 products an image. */
  @Test
  void stepsOfTheNetworkForImageNet() {
    double forward = 32 * (2_832_712_192L - 4_096_000) * 1e-9; // without fc10
    Architecture imagenet = Architecture.imagenet();
    assertEquals(2 * 2 * forward, Work.pretraining(imagenet, "swta", 32), 1e-6);
    double conv1 = 32 * 587_284_992e-9;
    assertEquals(2 * (3 * forward - conv1), Work.backprop(imagenet, 32), 1e-6);
  }

  @Test
  void productsOfLayers() {
    assertEquals(11, GemmBenchmark.products().size());
    assertEquals(2 * 1.536 * 1.536 * 1.536, GemmBenchmark.work("square-1536"), 1e-9);
    assertEquals(2 * PRODUCTS.get(1), GemmBenchmark.work("forward-conv2"), 1e-9);
    assertEquals(2 * PRODUCTS.get(4), GemmBenchmark.work("update-fc5"), 1e-9);
  }
}
