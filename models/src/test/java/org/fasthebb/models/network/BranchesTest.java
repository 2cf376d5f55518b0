package org.fasthebb.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HardWta;
import org.fasthebb.hebb.SoftHebb;
import org.fasthebb.models.distributed.Merger;
import org.fasthebb.models.distributed.ShardedLearner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A network of branches does what its branches do alone. */
class BranchesTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int SIDE = 12;

  private static final List<Layer> CONVOLVED =
      List.of(
          new Layer.Standardised("bn1"),
          new Layer.Neural("conv1", 7, 3, 1, 0.5f),
          new Layer.Centred("relu1"),
          new Layer.MaxPooled("pool1", 2));

  private static final List<Layer> WORDS =
      List.of(
          new Layer.WhitenedPatches("whitening1", 4),
          new Layer.Neural("words1", 5, 1, Float.POSITIVE_INFINITY, 0.1f),
          new Layer.TwoSided("sides1", 0.5f));

  private static final Neurons NEURONS =
      new Neurons(
          layer ->
              layer.sharpness() == Float.POSITIVE_INFINITY
                  ? new HardWta()
                  : new SoftHebb(layer.sharpness()),
          false,
          false,
          true,
          Neurons.Start.NORMAL);

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static Architecture architecture(List<Layer> layers) {
    return new Architecture("test", SIDE, "fc", layers);
  }

  private static final Architecture BOTH =
      architecture(List.of(new Layer.Beside("join", 2, List.of(CONVOLVED, WORDS))));

  private static Tensor images(int count) {
    var random = new SplittableRandom(count);
    float[] pixels = new float[count * SIDE * SIDE * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble();
    }
    return CPU.of(pixels, count, SIDE, SIDE, 3);
  }

  private static Network fitted(Tensor images) {
    Network both = new Network(CPU, BOTH, NEURONS, 3);
    both.fit(images, 1);
    return both;
  }

  /** A branch as a network of its own, with the weights that it has in {@code both}. */
  private static Network alone(List<Layer> layers, Network both) {
    Network network = new Network(CPU, architecture(layers), NEURONS, 0);
    network.tensors().forEach((name, tensor) -> tensor.assign(both.tensors().get(name)));
    return network;
  }

  private static float[] joined(Tensor... maps) {
    Tensor first = GridPool.means(maps[0], 2);
    Tensor second = GridPool.means(maps[1], 2);
    int c = first.size(3);
    Tensor all = CPU.empty(first.size(0), 2, 2, c + second.size(3));
    all.slice(3, 0, c).assign(first);
    all.slice(3, c, c + second.size(3)).assign(second);
    return all.toArray();
  }

  @Test
  void mapsStandSideBySide() {
    try (Scope _ = CPU.scope()) {
      Tensor images = images(6);
      Network both = fitted(images);
      Tensor maps = both.maps(images);
      assertArrayEquals(new int[] {6, 2, 2, 7 + 10}, maps.shape());
      assertEquals(BOTH.featureCount(SIDE), both.features(images).size(1));
      assertArrayEquals(
          joined(alone(CONVOLVED, both).maps(images), alone(WORDS, both).maps(images)),
          maps.toArray());
      assertArrayEquals(
          both.features(images).toArray(),
          both.trace(Trace.evaluation(), images).value().toArray(),
          1e-5f);
    }
  }

  @Test
  void anObserverSeesTheStagesOfBranches() {
    try (Scope _ = CPU.scope()) {
      Tensor images = images(6);
      Network both = fitted(images);
      Map<String, float[]> alone = new LinkedHashMap<>();
      Sequence.Observer keep = (stage, output) -> alone.put(stage, output.toArray());
      alone(CONVOLVED, both).features(images, keep);
      alone(WORDS, both).features(images, keep);
      List<String> seen = new ArrayList<>();
      float[] features =
          both.features(
                  images,
                  (stage, output) -> {
                    seen.add(stage);
                    if (!stage.equals("join")) {
                      assertArrayEquals(alone.get(stage), output.toArray(), stage);
                    }
                  })
              .toArray();
      assertArrayEquals(both.features(images).toArray(), features);
      List<String> expected = new ArrayList<>(alone.keySet());
      expected.add("join");
      assertEquals(expected, seen);
      assertEquals(expected, both.stageNames());
    }
  }

  @Test
  void everyBranchLearnsAsAlone() {
    try (Scope _ = CPU.scope()) {
      Tensor images = images(6);
      Network both = fitted(images);
      List<Network> alone = List.of(alone(CONVOLVED, both), alone(WORDS, both));
      float[] before = both.layers().getLast().weights().toArray();
      for (int step = 0; step < 3; step++) {
        both.learn(images, 1, Sequence.Observer.NONE);
        alone.forEach(network -> network.learn(images, 1, Sequence.Observer.NONE));
      }
      for (Network network : alone) {
        for (Map.Entry<String, Tensor> each : network.tensors().entrySet()) {
          Tensor here = both.tensors().get(each.getKey());
          assertArrayEquals(each.getValue().toArray(), here.toArray(), each.getKey());
        }
      }
      assertFalse(Arrays.equals(before, both.layers().getLast().weights().toArray()));
      assertEquals(
          alone.stream().mapToInt(network -> network.tensors().size()).sum(),
          both.tensors().size());
    }
  }

  /**
   * Neurons behind whitened patches start as such patches, of length 1; others stay as they are.
   */
  @Test
  void fittingStartsNeuronsAsPatches() {
    try (Scope _ = CPU.scope()) {
      Network both = new Network(CPU, BOTH, NEURONS, 3);
      float[] convolved = both.layers().getFirst().weights().toArray();
      both.fit(images(6), 1);
      assertArrayEquals(convolved, both.layers().getFirst().weights().toArray());
      Tensor words = both.layers().getLast().weights();
      for (float square : words.reshape(5, 48).sumOfSquares(1).toArray()) {
        assertEquals(1, square, 1e-4);
      }
      Network small = new Network(CPU, architecture(CONVOLVED), NEURONS, 3);
      float[] weights = small.layers().getFirst().weights().toArray();
      small.fit(images(6), 1);
      assertArrayEquals(weights, small.layers().getFirst().weights().toArray());
    }
  }

  /** Many images are evaluated piece by piece, with the values of fewer. */
  @Test
  void manyImagesGiveTheFeaturesOfFew() {
    int side = SIDE;
    Architecture architecture =
        architecture(List.of(new Layer.Neural("conv1", 2000, 1), new Layer.MaxPooled("pool1", 2)));
    Network network = new Network(CPU, architecture, NEURONS, 1);
    int count = (int) (Network.MOST_VALUES / (2000L * side * side)) + 3;
    var random = new SplittableRandom(9);
    float[] pixels = new float[count * side * side * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble();
    }
    try (Scope _ = CPU.scope()) {
      Tensor images = CPU.of(pixels, count, side, side, 3);
      Tensor all = network.features(images);
      Tensor last = network.features(images.slice(0, count - 4, count).contiguous());
      assertArrayEquals(all.slice(0, count - 4, count).toArray(), last.toArray());
      List<Integer> pieces = new ArrayList<>();
      Tensor copy =
          network.inPieces(
              images,
              some -> {
                pieces.add(some.size(0));
                return some;
              });
      assertArrayEquals(pixels, copy.toArray());
      assertEquals(List.of(count - count / 2, count / 2), pieces, "as equal as they can be");
    }
  }

  @Test
  void sizesThatBranchesCannotTakeAreRefused() {
    Architecture known = Architecture.softHebbPatches();
    assertEquals(4 * 4 * (1536 + 4800), known.featureCount(32));
    assertTrue(known.fits(48));
    assertFalse(known.fits(24), "SoftHebb's maps of 3x3 are no grid of 4x4");
    String message =
        assertThrows(IllegalArgumentException.class, () -> known.check("photos", 24, 24, 3))
            .getMessage();
    assertEquals(
        "images of 24x24 pixels are too small for the network softhebb-patches: join is left with"
            + " 3x3 and needs 4x4; the smallest that fit have 32x32",
        message);
  }

  @Test
  void shardsRefuseBranches() {
    Network both = new Network(CPU, BOTH, NEURONS, 3);
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> new ShardedLearner(both, 1, (Merger) null))
            .getMessage()
            .startsWith("shards cannot train the branches of the network test"));
  }
}
