package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.CPU;
import static org.fasthebb.hebb.Tensors.assertClose;
import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.io.TensorFile;
import org.fasthebb.hebb.Hpca.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class HebbianLayerTest {
  @SuppressWarnings("unused") // by the tests, as their source
  private static final List<HebbianRule> RULES = Rules.ALL;

  /** Records the sizes of the blocks of patches that a layer passes to its rule. */
  private record Spy(HebbianRule rule, List<Integer> blocks, List<Integer> expected)
      implements HebbianRule {
    Spy(HebbianRule rule) {
      this(rule, new ArrayList<>(), new ArrayList<>());
    }

    @Override
    public Response response() {
      return rule.response();
    }

    @Override
    public Statistics statistics(Tensor w, int patches) {
      expected.add(patches);
      Statistics statistics = rule.statistics(w, patches);
      return new Statistics() {
        @Override
        public Tensor weights() {
          return w;
        }

        @Override
        public void observe(Tensor x, Tensor y) {
          blocks.add(x.size(0));
          statistics.observe(x, y);
        }

        @Override
        public void merge(Statistics other) {
          throw new AssertionError("a layer has nothing to merge");
        }

        @Override
        public List<Tensor> tensors() {
          return statistics.tensors();
        }

        @Override
        public void addDelta(Tensor target, float eta) {
          statistics.addDelta(target, eta);
        }
      };
    }
  }

  private static Tensor delta(HebbianRule rule, Tensor x, Tensor w) {
    Statistics statistics = rule.statistics(w, x.size(0));
    statistics.observe(x);
    return statistics.delta();
  }

  @Test
  void kernelsMayBeOnePixel() {
    Tensor images = random(1, 2, 3, 3, 4);
    Tensor w = weights(2, 5, 4);
    Tensor y = new HebbianLayer(new Oja(), w, 1, 1).respond(images);
    assertArrayEquals(new Oja().respond(images.patches(1, 1), w).toArray(), y.toArray());
  }

  /** A step is taken from the sums that the reducer leaves, not from those of the own images. */
  @ParameterizedTest
  @FieldSource("RULES")
  void stepsFromReducedSums(HebbianRule rule) {
    Tensor mine = random(1, 2, 5, 4, 2);
    Tensor others = random(2, 2, 5, 4, 2);
    Tensor w = weights(3, 7, 12);
    Tensor expected = w.copy();
    HebbianLayer alone = new HebbianLayer(rule, expected, 3, 2);
    List<Tensor> sums =
        alone.observe(others, CPU.zeros(2, 3, 3, 7)).tensors().stream().map(Tensor::copy).toList();
    alone.learn(others, 0.1f, tensors -> assertEquals(sums.size(), tensors.length));
    new HebbianLayer(rule, w, 3, 2)
        .learn(
            mine,
            0.1f,
            tensors -> {
              for (int i = 0; i < tensors.length; i++) {
                tensors[i].assign(sums.get(i));
              }
            });
    assertClose("weights", expected, w, 1e-6);
  }

  @Test
  void weightsComeBackFromTheirFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("layer.safetensors");
    HebbianLayer layer = new HebbianLayer(new Oja(), weights(3, 7, 12), 3, 2);
    layer.save(file);
    assertArrayEquals(new int[] {7, 3, 2, 2}, TensorFile.read(file, "weight", CPU).shape());
    HebbianLayer same = HebbianLayer.load(file, CPU, new Oja());
    assertArrayEquals(layer.weights().toArray(), same.weights().toArray());
    Tensor images = random(1, 2, 5, 4, 2);
    assertArrayEquals(layer.learn(images, 0.1f).toArray(), same.learn(images, 0.1f).toArray());
    assertArrayEquals(layer.weights().toArray(), same.weights().toArray());
  }

  @Test
  void filesThatHoldNoLayerAreRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("layer.safetensors");
    for (Tensor wrong : List.of(CPU.zeros(7, 12), CPU.zeros(7, 3, 2, 0))) {
      TensorFile.write(file, Map.of("weight", wrong));
      assertLoadRefused(file, "neurons (n, kh, kw, c)");
    }
    TensorFile.write(file, Map.of("weight", CPU.zeros(1, 1, 1, 2).fill(Float.NaN)));
    assertLoadRefused(file, "not finite");
    TensorFile.write(file, Map.of("bias", CPU.zeros(7)));
    assertLoadRefused(file, "name one of [bias]");
  }

  private static void assertLoadRefused(Path file, String reason) {
    String message =
        assertThrows(IOException.class, () -> HebbianLayer.load(file, CPU, new Oja())).getMessage();
    assertTrue(message.contains(reason) && message.contains(file.toString()), message);
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void layerIsItsRuleOnThePatches(HebbianRule rule) {
    Tensor images = random(1, 3, 9, 8, 2);
    Tensor w = weights(2, 11, 24);
    HebbianLayer layer = new HebbianLayer(rule, w, 4, 3);
    assertSame(w, layer.weights());
    Tensor x = images.patches(4, 3);
    Tensor y = layer.respond(images);
    assertArrayEquals(new int[] {3, 6, 6, 11}, y.shape());
    assertArrayEquals(rule.respond(x, w).toArray(), y.toArray());
    assertClose("delta", delta(rule, x, w), layer.delta(images), 1e-6);
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void learnAnswersWithTheOldWeightsAndThenSteps(HebbianRule rule) {
    Tensor images = random(1, 3, 9, 8, 2);
    Tensor w = weights(2, 11, 24);
    Tensor before = w.copy();
    HebbianLayer layer = new HebbianLayer(rule, w, 4, 3);
    Tensor expected = before.plus(delta(rule, images.patches(4, 3), before).times(0.1f));
    Tensor y = layer.learn(images, 0.1f);
    assertArrayEquals(new int[] {3, 6, 6, 11}, y.shape());
    Tensor old = rule.respond(images.patches(4, 3), before);
    assertClose("output", old, y.reshape(108, 11), 1e-6);
    assertClose("weights", expected, w, 1e-6);
    assertNotEquals(before.toArray()[0], w.toArray()[0]);
    // The next output is that of the new weights.
    Tensor next = layer.learn(images, 0).reshape(108, 11);
    assertClose("next", rule.respond(images.patches(4, 3), expected), next, 2e-6);
  }

  @Test
  void rateZeroChangesNothing() {
    Tensor w = weights(2, 5, 18);
    float[] before = w.toArray();
    new HebbianLayer(new SoftWta(), w, 3, 3).learn(random(1, 2, 6, 6, 2), 0);
    assertArrayEquals(before, w.toArray());
  }

  /** b, h, w: 1024 patches per image; 9604, so cut after 41 of 98 rows; a single one for all. */
  @ParameterizedTest
  @CsvSource({
    "10, 34, 34, 8192 2048",
    "2, 100, 100, 4018 4018 1568 4018 4018 1568",
    "7, 5, 5, 63",
    "8, 34, 34, 8192"
  })
  void largeBatchesGoInBlocks(int b, int h, int width, String blocks) {
    Tensor images = random(1, b, h, width, 1);
    for (HebbianRule rule : new HebbianRule[] {new SoftWta(), new Hpca(Form.GRAM)}) {
      Spy spy = new Spy(rule);
      Tensor w = weights(2, 6, 9);
      Tensor before = w.copy();
      Tensor y = new HebbianLayer(spy, w, 3, 3).learn(images, 1);
      List<Integer> sizes =
          java.util.Arrays.stream(blocks.split(" ")).map(Integer::valueOf).toList();
      org.junit.jupiter.api.Assertions.assertEquals(sizes, spy.blocks);
      Tensor x = images.patches(3, 3);
      org.junit.jupiter.api.Assertions.assertEquals(List.of(x.size(0)), spy.expected);
      assertClose("weights", before.plus(delta(rule, x, before)), w, 1e-5);
      assertClose("output", rule.respond(x, before), y.reshape(x.size(0), 6), 1e-6);
    }
  }

  @Test
  void manyNeuronsObserveFewPatchesAtOnce() {
    for (int[] shape : new int[][] {{3, 32, 32, 1}, {1, 100, 30, 1}}) {
      Spy spy = new Spy(new HardWta());
      new HebbianLayer(spy, weights(2, 4096, 1), 1, 1).learn(random(1, shape), 1);
      List<Integer> blocks = shape[0] == 1 ? List.of(2040, 960) : List.of(2048, 1024);
      org.junit.jupiter.api.Assertions.assertEquals(blocks, spy.blocks);
    }
  }

  /** b, h, w, k: blocks of images and of rows, also where rows and columns are left over. */
  @ParameterizedTest
  @CsvSource({
    "3, 9, 8, 2",
    "3, 9, 8, 1",
    "3, 9, 8, 4",
    "3, 9, 8, 6",
    "0, 9, 8, 2",
    "10, 34, 34, 3",
    "2, 100, 100, 3",
    "1, 103, 97, 4",
    "1, 5, 5002, 2"
  })
  void poolsWhatItWouldAnswer(int b, int h, int width, int k) {
    Tensor images = random(1, b, h, width, 1);
    for (HebbianRule rule : new HebbianRule[] {new SoftWta(), new Hpca(Form.GRAM)}) {
      Tensor w = weights(2, 6, 9);
      Tensor before = w.copy();
      HebbianLayer layer = new HebbianLayer(rule, w, 3, 3);
      Tensor expected = layer.respond(images).maxPool(k);
      Tensor delta = layer.delta(images);
      assertArrayEquals(expected.toArray(), layer.pooled(k).respond(images).toArray());
      Tensor y = layer.pooled(k).learn(images, 1);
      assertArrayEquals(expected.shape(), y.shape());
      int values = expected.size();
      assertClose("output", expected.reshape(1, values), y.reshape(1, values), 1e-6);
      assertClose("weights", before.plus(delta), w, 1e-5);
    }
  }

  @Test
  void fullyConnectedLayerIsAKernelOverTheWholeImage() {
    Tensor images = random(1, 20, 3, 4, 5);
    Tensor w = weights(2, 70, 60);
    HebbianLayer layer = new HebbianLayer(new Hpca(), w, 3, 4);
    assertArrayEquals(new int[] {20, 1, 1, 70}, layer.respond(images).shape());
    assertClose("delta", delta(new Hpca(), images.reshape(20, 60), w), layer.delta(images), 1e-6);
  }

  @Test
  void viewsOfImagesAreReadAsIfGapless() {
    Tensor images = random(1, 4, 9, 8, 3);
    Tensor cropped = images.slice(0, 1, 4).slice(1, 2, 8).slice(3, 1, 3);
    HebbianLayer layer = new HebbianLayer(new SoftWta(), weights(2, 7, 12), 3, 2);
    assertArrayEquals(layer.respond(cropped.copy()).toArray(), layer.respond(cropped).toArray());
    Tensor expected = layer.delta(cropped.copy());
    assertClose("delta", expected, layer.delta(cropped), 1e-6);
  }

  @Test
  void outputOfLearningBelongsToTheCallersScope() {
    Tensor w = weights(2, 5, 18);
    HebbianLayer layer = new HebbianLayer(new SoftWta(), w, 3, 3);
    Tensor images = random(1, 2, 6, 6, 2);
    Tensor outside = layer.learn(images, 0.1f);
    outside.toArray();
    Tensor inside;
    try (Scope _ = CPU.scope()) {
      inside = layer.learn(images, 0.1f);
      inside.toArray();
    }
    assertThrows(IllegalStateException.class, inside::toArray);
    outside.toArray();
    w.toArray();
  }

  @Test
  void withoutImagesWeightsDoNotChange() {
    for (HebbianRule rule : RULES) {
      Tensor w = weights(2, 5, 18);
      float[] before = w.toArray();
      Tensor y = new HebbianLayer(rule, w, 3, 3).learn(random(1, 0, 6, 6, 2), 0.1f);
      assertArrayEquals(new int[] {0, 4, 4, 5}, y.shape());
      assertArrayEquals(before, w.toArray());
    }
  }

  private static void refused(String hint, org.junit.jupiter.api.function.Executable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
    assertTrue(message.contains(hint), message);
  }

  @Test
  void refusals() {
    Tensor w = weights(2, 5, 18);
    refused("[5, 18]", () -> new HebbianLayer(new SoftWta(), w, 2, 2));
    refused("[5, 18]", () -> new HebbianLayer(new SoftWta(), w, 0, 3));
    refused("[5, 18]", () -> new HebbianLayer(new SoftWta(), w, 3, -3));
    refused("[18]", () -> new HebbianLayer(new SoftWta(), random(1, 18), 3, 3));
    HebbianLayer layer = new HebbianLayer(new SoftWta(), w, 3, 3);
    refused("0 pixels", () -> layer.pooled(0));
    refused(
        "4x4 windows of the outputs [2, 5, 3, 5]",
        () -> layer.pooled(4).respond(random(1, 2, 7, 5, 2)));
    float[] before = w.toArray();
    Tensor channels = random(1, 2, 6, 6, 3);
    for (String shape : new String[] {"[5, 18]", "[2, 6, 6, 3]", "27"}) {
      refused(shape, () -> layer.respond(channels));
      refused(shape, () -> layer.learn(channels, 1));
      refused(shape, () -> layer.delta(channels));
    }
    refused("[2, 2, 6, 2]", () -> layer.learn(random(1, 2, 2, 6, 2), 1));
    refused("[6, 6, 2]", () -> layer.learn(random(1, 6, 6, 2), 1));
    assertArrayEquals(before, w.toArray());
  }
}
