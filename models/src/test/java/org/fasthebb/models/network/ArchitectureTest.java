package org.fasthebb.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.HardWta;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.hebb.Response;
import org.fasthebb.hebb.SoftHebb;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of layers, and the stages that they become for images of some size. */
class ArchitectureTest {
  private static final HebbianRule SIGNED = new HardWta(1, Response.SIGNED);
  private static final Backend CPU = Backend.cpu(2);

  private static final Architecture TINY =
      new Architecture(
          "tiny",
          10,
          "out",
          List.of(
              new Layer.Neural("conv1", 4, 3),
              new Layer.Rectified("relu1"),
              new Layer.MaxPooled("pool1", 2),
              new Layer.Normalised("bn1", true),
              new Layer.Neural("fc2", 7, Layer.WHOLE),
              new Layer.Rectified("relu2"),
              new Layer.Normalised("bn2", true)));

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static String stages(Neurons neurons) {
    return new Network(CPU, TINY, neurons, 0)
        .stages().stream().map(Stage::name).collect(Collectors.joining(" "));
  }

  @Test
  void knownByName() {
    assertEquals("small, imagenet, softhebb, patches, softhebb-patches", Architecture.names());
    for (Architecture known : Architecture.ALL) {
      assertEquals(known, Architecture.named(known.name()).orElseThrow());
      long names = known.layers().stream().map(Layer::name).distinct().count();
      assertEquals(known.layers().size(), names, "names are unique");
    }
    assertTrue(Architecture.named("large").isEmpty());
  }

  /** Neurons that compute max(0, x) themselves need no stage for it. */
  @Test
  void reluStagesFollowNeuronsThatDoNotRectify() {
    assertEquals("conv1 pool1 bn1 fc2 bn2", stages(Neurons.hebbian(new Hpca())));
    assertEquals("conv1 pool1 bn1 fc2 bn2", stages(Neurons.backprop()));
    assertEquals("conv1 relu1 pool1 bn1 fc2 relu2 bn2", stages(Neurons.hebbian(new SoftHebb(1))));
  }

  @Test
  void theModifiedFormOfBatchNormIsForHebbianNeurons() {
    for (Neurons neurons : new Neurons[] {Neurons.hebbian(new Hpca()), Neurons.backprop()}) {
      for (Stage stage : new Network(CPU, TINY, neurons, 0).stages()) {
        if (stage instanceof Norm norm) {
          assertEquals(neurons.rule() != null, norm.norm().isModified(), norm.name());
        }
      }
    }
  }

  @Test
  void thePapersSmallNetwork() {
    Network network = new Network(CPU, Architecture.small(), Neurons.backprop(), 0);
    assertEquals(4096, network.featureCount());
    assertArrayEquals(new int[] {4096, 3, 3, 256}, network.layers().getLast().weights().shape());
    assertArrayEquals(new int[] {4096}, network.tensors().get("fc5.bias").shape());
    int values = network.parameters().values().stream().mapToInt(Tensor::size).sum();
    assertEquals(10_218_528 + 3 * 4768, values, "weights; biases, scales and shifts");
    Network hebbian = new Network(CPU, Architecture.small(), Neurons.hebbian(new Hpca()), 0);
    assertFalse(hebbian.tensors().containsKey("fc5.bias"));
  }

  /** Sizes and number of parameters are those of the paper's Fig. 3 and of its authors' code. */
  @Test
  void thePapersNetworkForImageNet() {
    Architecture imagenet = Architecture.imagenet();
    Network network = new Network(CPU, imagenet, Neurons.backprop(), 0);
    assertEquals(4096, network.featureCount());
    assertArrayEquals(new int[] {4096, 3, 3, 512}, network.layers().getLast().weights().shape());
    int values = network.parameters().values().stream().mapToInt(Tensor::size).sum();
    assertEquals(27_353_768 - 4096 * 1000 - 1000, values, "without fc10");
    Network hebbian = new Network(CPU, imagenet, 162, Neurons.hebbian(new Hpca()), 0);
    assertEquals(
        List.of("bn7", "bn8", "bn9"),
        hebbian.stages().stream()
            .filter(stage -> stage instanceof Norm norm && norm.norm().isModified())
            .map(Stage::name)
            .toList());
    List<Integer> sizes = new ArrayList<>();
    try (Scope _ = CPU.scope()) {
      Tensor images = Neurons.uniform(CPU, 3, 1, 1, 162, 162, 3);
      hebbian.features(images, (_, y) -> sizes.add(y.size(1)));
    }
    assertEquals(
        List.of(156, 52, 52, 50, 50, 48, 24, 24, 22, 22, 20, 10, 10, 8, 8, 6, 3, 3, 1, 1, 1, 1),
        sizes);
  }

  /**
   * A fully connected layer takes maps of any size, and its number of neurons does not depend on
   * it.
   */
  @ParameterizedTest
  @CsvSource({"10, 4", "4, 1", "5, 1", "13, 5", "32, 15"})
  void otherSides(int side, int left) {
    Network network = new Network(CPU, TINY, side, Neurons.hebbian(new Hpca()), 1);
    assertEquals(side, network.side());
    assertEquals(7, network.featureCount());
    assertEquals(7, TINY.featureCount(side));
    assertArrayEquals(new int[] {7, left, left, 4}, network.layers().getLast().weights().shape());
    Tensor images = Neurons.uniform(CPU, 3, 1, 2, side, side, 3);
    assertArrayEquals(new int[] {2, 7}, network.features(images).shape());
    assertArrayEquals(
        new int[] {2, 7}, network.learn(images, 1e-3f, Sequence.Observer.NONE).shape());
  }

  @Test
  void sidesOfNetworksWithoutAFullyConnectedLayer() {
    for (int side : new int[] {8, 9, 16, 20}) {
      Neurons neurons = Neurons.hebbian(new SoftHebb(1));
      Network network = new Network(CPU, Architecture.softHebb(), side, neurons, 0);
      int left = side / 2 / 2 / 2;
      assertEquals(left * left * 1536, network.featureCount());
      assertEquals(left * left * 1536, Architecture.softHebb().featureCount(side));
    }
  }

  /** Neurons in front of a two-sided threshold keep their sign, by whatever rule they learn. */
  @Test
  void aSingleLayerOfPatches() {
    Architecture patches = Architecture.patches();
    assertEquals(2 * 2 * 1600, patches.featureCount(32));
    patches.check("tiny", 32, 32, 3);
    String message = refusal(() -> patches.check("tiny", 6, 6, 3));
    assertTrue(message.contains("pool1 is left with 1x1 and needs 2x2"), message);
    Tensor images = Neurons.uniform(CPU, 3, 1, 2, 9, 9, 3);
    Tensor before =
        new Network(CPU, patches, 9, Neurons.backprop(), 1).layers().getFirst().weights();
    for (HebbianRule rule : List.of(new HardWta(), SIGNED, new Hpca(), new SoftHebb(1))) {
      Network network = new Network(CPU, patches, 9, Neurons.hebbian(rule), 1);
      Response response = rule.response().unrectified();
      Map<String, Tensor> seen = new HashMap<>();
      Tensor evaluated = network.features(images);
      Tensor learned = network.learn(images, 0.1f, seen::put);
      Tensor white = seen.get("whitening1").reshape(2 * 4 * 4, 108);
      Tensor u = response.of(white, before.reshape(800, 108));
      assertArrayEquals(u.toArray(), seen.get("words1").toArray(), 1e-5f, rule.toString());
      assertArrayEquals(evaluated.toArray(), learned.toArray(), rule.toString());
      assertFalse(Arrays.equals(before.toArray(), network.layers().getFirst().weights().toArray()));
      Tensor traced = network.trace(Trace.evaluation(), images).value();
      Tensor after = network.features(images);
      assertArrayEquals(after.toArray(), traced.toArray(), 1e-6f, rule.toString());
    }
  }

  private static String refusal(Executable what) {
    String message = assertThrows(IllegalArgumentException.class, what).getMessage();
    assertFalse(message.contains("\n") || message.endsWith("."), message);
    return message;
  }

  @Test
  void imagesThatAreTooSmall() {
    String small =
        "images of 6x6 pixels are too small for the network softhebb: pad3 is left with 1x1 and"
            + " needs 2x2; the smallest that fit have 8x8";
    assertEquals(small, refusal(() -> Architecture.softHebb().check("tiny", 6, 6, 3)));
    assertEquals(
        small,
        refusal(() ->
            new Network(CPU, Architecture.softHebb(), 6, Neurons.hebbian(new SoftHebb(1)), 0)));
    String conv4 = refusal(() -> Architecture.small().check("tiny", 20, 20, 3));
    assertTrue(
        conv4.endsWith("conv4 is left with 2x2 and needs 3x3; the smallest that fit have 24x24"),
        conv4);
    String pool1 = refusal(() -> TINY.check("tiny", 3, 3, 3));
    assertTrue(pool1.contains("pool1 is left with 1x1 and needs 2x2"), pool1);
    TINY.check("tiny", 4, 4, 3);
    Architecture.small().check("tiny", 24, 24, 3);
    Architecture.softHebb().check("tiny", 8, 8, 3);
  }

  /**
   * Every side from the smallest on gives maps, but only some leave every pooling whole windows.
   */
  @Test
  void imagesWithPixelsThatAPoolingWouldIgnore() {
    assertEquals(
        "images of 224x224 pixels do not fit the network imagenet: pool1 cuts 218x218 into windows"
            + " of 3x3 and would ignore the rest; the nearest that fit have 210x210 and 234x234",
        refusal(() -> Architecture.imagenet().check("photos", 224, 224, 3)));
    String pool5 = refusal(() -> Architecture.imagenet().check("photos", 222, 222, 3));
    assertTrue(pool5.contains("pool7 cuts 11x11 into windows of 2x2"), pool5);
    String small = refusal(() -> Architecture.imagenet().check("photos", 161, 161, 3));
    assertTrue(small.endsWith("needs 3x3; the smallest that fit have 162x162"), small);
    String pool3 = refusal(() -> Architecture.softHebb().check("tiny", 28, 28, 3));
    assertTrue(pool3.contains("pool3 cuts 7x7 into windows of 2x2"), pool3);
    for (int side = 1; side <= 300; side++) {
      int images = side;
      if (images >= 162 && images % 24 == 18) {
        Architecture.imagenet().check("photos", images, images, 3);
      } else {
        refusal(() -> Architecture.imagenet().check("photos", images, images, 3));
      }
    }
  }

  @Test
  void imagesOfAnotherShape() {
    String message = refusal(() -> TINY.check("photos", 10, 12, 3));
    assertEquals(
        "the network tiny wants square images of 3 channels, but photos has 10x12x3", message);
    message = refusal(() -> TINY.check("grey", 10, 10, 1));
    assertTrue(message.contains("but grey has 10x10x1"), message);
  }

  @Test
  void neuronsNeedARuleOrABias() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Neurons(null, false, false, false, Neurons.Start.UNIFORM));
  }

  /** The same seed draws the same weights, whatever the rule; each layer has its own. */
  @Test
  void weightsAreDrawnBySeedAndLayer() {
    Tensor ours = new Network(CPU, TINY, Neurons.hebbian(new Hpca()), 5).layers().get(0).weights();
    Tensor same = new Network(CPU, TINY, Neurons.backprop(), 5).layers().get(0).weights();
    assertArrayEquals(ours.toArray(), same.toArray());
    Tensor other = new Network(CPU, TINY, Neurons.backprop(), 6).layers().get(0).weights();
    Tensor upper = new Network(CPU, TINY, Neurons.backprop(), 5).layers().get(1).weights();
    float bound = (float) (1 / Math.sqrt(27));
    float sumOfSquares = 0;
    for (float w : ours.toArray()) {
      assertTrue(Math.abs(w) <= bound);
      sumOfSquares += w * w;
    }
    assertEquals(1, sumOfSquares / ours.size() * 3 * 27, 0.25, "the variance of U(-a, a)");
    assertTrue(ours.toArray()[0] != other.toArray()[0]);
    assertTrue(ours.toArray()[0] * Math.sqrt(27.0 / 64) != upper.toArray()[0]);
  }
}
