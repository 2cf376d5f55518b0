package org.fasthebb.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HardWta;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Networks whose weights are random patches of what their layers see. */
class PatchStartTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int SIDE = 8;
  private static final Architecture ONE_LAYER =
      new Architecture("one-layer", SIDE, "fc2", List.of(new Layer.Neural("conv1", 800, 6)));

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static Tensor images(int count) {
    var random = new SplittableRandom(count);
    float[] pixels = new float[count * SIDE * SIDE * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    return CPU.of(pixels, count, SIDE, SIDE, 3);
  }

  private static Network patches(Tensor images, long seed) {
    Network network = new Network(CPU, ONE_LAYER, Neurons.hebbian(new HardWta()), 0);
    network.startFromPatches(images, seed);
    return network;
  }

  /** The number of the patch, in the order of maps (b, y, x), that a row of weights is; or -1. */
  private static int find(float[] row, float[] maps, int count, int h, int kernel, int c) {
    int places = h - kernel + 1;
    for (int patch = 0; patch < count * places * places; patch++) {
      int b = patch / places / places;
      int y = patch / places % places;
      int x = patch % places;
      float[] values = new float[kernel * kernel * c];
      double square = 0;
      for (int i = 0; i < values.length; i++) {
        int line = y + i / (kernel * c);
        int at = ((b * h + line) * h + x) * c + i % (kernel * c);
        values[i] = maps[at];
        square += (double) values[i] * values[i];
      }
      boolean same = true;
      for (int i = 0; i < values.length && same; i++) {
        same = Math.abs(row[i] - values[i] / Math.sqrt(square)) < 1e-5;
      }
      if (same) {
        return patch;
      }
    }
    return -1;
  }

  @Test
  void everyNeuronIsOneOfThePatches() {
    Tensor images = images(4);
    Tensor weights = patches(images, 1).layers().getFirst().weights();
    assertArrayEquals(new int[] {800, 6, 6, 3}, weights.shape());
    float[] all = weights.toArray();
    Set<Integer> found = new HashSet<>();
    for (int n = 0; n < 800; n++) {
      float[] row = Arrays.copyOfRange(all, n * 108, (n + 1) * 108);
      found.add(find(row, images.toArray(), 4, SIDE, 6, 3));
    }
    assertFalse(found.contains(-1), "a neuron is no patch");
    assertEquals(4 * 3 * 3, found.size(), "patches that were taken");
  }

  @Test
  void theSeedDecides() {
    Tensor images = images(4);
    float[] one = patches(images, 1).layers().getFirst().weights().toArray();
    assertArrayEquals(one, patches(images, 1).layers().getFirst().weights().toArray());
    assertFalse(Arrays.equals(one, patches(images, 2).layers().getFirst().weights().toArray()));
  }

  @Test
  void deeperLayersTakePatchesOfMaps() {
    Network network = new Network(CPU, Architecture.small(), Neurons.hebbian(new HardWta()), 0);
    var random = new SplittableRandom(5);
    float[] pixels = new float[2 * 32 * 32 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    try (Scope _ = CPU.scope()) {
      Tensor images = CPU.of(pixels, 2, 32, 32, 3);
      network.startFromPatches(images, 1);
      for (Convolution layer : network.layers()) {
        int n = layer.weights().size(0);
        Tensor rows = layer.weights().reshape(n, layer.weights().size() / n);
        for (float square : rows.sumOfSquares(1).toArray()) {
          assertTrue(square == 0 || Math.abs(square - 1) < 1e-4, layer.name() + ": " + square);
        }
      }
    }
  }

  @Test
  void blackImagesGiveWeightsOfZero() {
    Tensor black = images(2).fill(0);
    for (float weight : patches(black, 1).layers().getFirst().weights().toArray()) {
      assertEquals(0, weight);
    }
  }
}
