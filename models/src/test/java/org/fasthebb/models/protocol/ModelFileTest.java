package org.fasthebb.models.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.io.SafeTensorsWriter;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.random.Rng;
import org.fasthebb.models.readout.FeatureForm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of models, including those of earlier versions. */
class ModelFileTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final String CLASSES = "cat\ndog\nold friend";

  @TempDir Path dir;

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static PretrainSettings usual(String method) {
    return PretrainSettings.of(Method.named(method).orElseThrow());
  }

  private static float[] numbers(long seed, int n, float least) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = least + Rng.uniform(seed, i);
    }
    return values;
  }

  private static Tensor images(int side) {
    return CPU.of(numbers(5, 2 * side * side * 3, -0.5f), 2, side, side, 3);
  }

  /** W x + b of each row of features, in double. */
  private static double[] scores(float[] features, float[] w, float[] b) {
    int f = w.length / b.length;
    double[] scores = new double[features.length / f * b.length];
    for (int i = 0; i < scores.length; i++) {
      int row = i / b.length;
      int n = i % b.length;
      scores[i] = b[n];
      for (int k = 0; k < f; k++) {
        scores[i] += (double) features[row * f + k] * w[n * f + k];
      }
    }
    return scores;
  }

  private static void assertScores(double[] expected, Tensor actual) {
    float[] values = actual.toArray();
    assertEquals(expected.length, values.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], values[i], 1e-3 + 1e-4 * Math.abs(expected[i]));
    }
  }

  // ---- files of version 0.1

  private SafeTensorsWriter old(String architecture, String identity, Network network) {
    SafeTensorsWriter writer =
        SafeTensors.writer()
            .metadata("format", "fasthebb-1")
            .metadata("architecture", architecture)
            .metadata("classes", CLASSES)
            .metadata("identity", identity)
            .metadata("version", "0.1.0");
    network
        .tensors()
        .forEach((name, tensor) -> writer.floats(name, tensor.shape(), tensor.toArray()));
    return writer;
  }

  private static final String HPCA =
      "data=x rule=hpca form=fast zca_epsilon=none epochs=4 batch=64 seed=3";

  @Test
  void theSmallNetworkOfVersion1() throws IOException {
    Network network = usual("hpca").network(CPU, 32, 9);
    network.tensors().get("bn5.running_mean").write(numbers(1, 4096, 0));
    float[] w = numbers(2, 3 * 4096, -0.5f);
    float[] b = numbers(3, 3, 0);
    Path file = dir.resolve("model.safetensors");
    String identity = HPCA + " labels=0.02 fine_tune_epochs=20 schedule=code from: " + HPCA;
    old("small", identity, network)
        .metadata("variant", "HPCA")
        .metadata("rule", "hpca")
        .metadata("seed", "3")
        .metadata("data", "x")
        .floats("fc.weight", new int[] {3, 4096}, w)
        .floats("fc.bias", new int[] {3}, b)
        .doubles("inputs.mean", new int[] {3}, new double[] {0.5, 0.25, 0.75})
        .doubles("inputs.std", new int[] {3}, new double[] {1, 2, 3})
        .write(file);
    ModelFile model = ModelFile.read(CPU, file);
    assertEquals("hpca", model.settings().method().name());
    assertEquals(4, model.settings().epochs());
    assertEquals(64, model.settings().batch());
    assertFalse(model.settings().naive());
    assertEquals(3, model.seed());
    assertEquals(identity, model.identity());
    assertEquals(List.of("cat", "dog", "old friend"), model.classNames());
    assertFalse(model.head().form().mirrored());
    assertEquals(0.75, model.inputs().stats().mean(2));
    assertEquals(2, model.inputs().stats().std(1));
    assertScores(scores(network.features(images(32)).toArray(), w, b), model.scores(images(32)));
  }

  @Test
  void numbersOfVersion1() throws IOException {
    String identity =
        "data=x rule=swta form=naive zca_epsilon=0.5 epochs=2 batch=16 seed=4 eta=0.01"
            + " temperature=0.5";
    Network network = usual("swta").network(CPU, 32, 9);
    Path file = dir.resolve("pretrained.safetensors");
    old("small", identity, network)
        .metadata("variant", "SWTA")
        .metadata("rule", "swta")
        .floats("fc6.weight", new int[] {3, 4096}, numbers(2, 3 * 4096, -0.5f))
        .doubles("inputs.mean", new int[] {3}, new double[3])
        .doubles("inputs.std", new int[] {3}, new double[] {1, 1, 1})
        .write(file);
    PretrainSettings settings = ModelFile.read(CPU, file).settings();
    assertTrue(settings.naive());
    assertEquals(0.5, settings.zcaEpsilon());
    assertEquals(0.01f, settings.eta());
    assertEquals(0.5f, settings.temperature());
    assertEquals(2, settings.epochs());
    assertEquals(16, settings.batch());
    assertEquals("data=x", settings.identity("x", 4).split(" ")[0]);
    assertEquals(identity, settings.identity("x", 4), "so that its run goes on");
    assertFalse(ModelFile.read(CPU, file).head().isClassifier());
  }

  /**
   * How version 0.1 wrote the settings of SoftHebb: words inside of blocks must not be read as
   * settings.
   */
  private static final String BLOCKS =
      "data=x/abfbf5e9a4be1408 blocks=[Block[neurons=96, kernel=5, sharpness=1.0, rate=0.08,"
          + " power=0.7, pool=MAX], Block[neurons=384, kernel=3, sharpness=0.65, rate=0.005,"
          + " power=1.4, pool=MAX], Block[neurons=1536, kernel=3, sharpness=0.25, rate=0.01,"
          + " power=1.0, pool=MEAN]] epochs=1 seed=2 read_out_epochs=50 normalized";

  @Test
  void softHebbsNetworkOfVersion1() throws IOException {
    Network network = usual("softhebb").network(CPU, 32, 9);
    network.tensors().get("bn3.running_var").write(numbers(1, 384, 0.5f));
    int f = 24_576;
    float[] w = numbers(2, 3 * f, -0.5f);
    float[] b = numbers(3, 3, 0);
    float[] mean = numbers(4, f, 0);
    float[] variance = numbers(5, f, 0.5f);
    for (boolean mirrored : new boolean[] {false, true}) {
      Path file = dir.resolve("model" + mirrored + ".safetensors");
      old("softhebb", BLOCKS + (mirrored ? " mirrored" : ""), network)
          .floats("fc.weight", new int[] {3, f}, w)
          .floats("fc.bias", new int[] {3}, b)
          .floats("norm.running_mean", new int[] {f}, mean)
          .floats("norm.running_var", new int[] {f}, variance)
          .write(file);
      ModelFile model = ModelFile.read(CPU, file);
      assertEquals("softhebb", model.settings().method().name());
      assertEquals(1, model.settings().epochs());
      assertEquals(1, model.settings().eta());
      assertEquals(2, model.seed());
      assertEquals(mirrored, model.head().form().mirrored());
      Tensor images = images(32);
      float[] features =
          (mirrored ? network.symmetricMaps(images) : network.features(images)).toArray();
      for (int i = 0; i < features.length; i++) {
        features[i] = (float) ((features[i] - mean[i % f]) / Math.sqrt(variance[i % f] + 1e-5));
      }
      assertScores(scores(features, w, b), model.scores(images));
      ImageSource set = TinyData.of(4, 1, 1).train();
      byte[] bytes = new byte[4 * 4 * 3];
      set.read(0, bytes, 0);
      float[] pixels = model.inputs().batch(set, 0).toArray();
      assertEquals((bytes[7] & 255) / 255f, pixels[7], 1e-7, "as they are");
    }
  }

  // ---- files of now

  /**
   * A map in a fixed order, since the order decides the bytes of a file, and that of Map.of differs
   * from run to run.
   */
  private static <T> Map<String, T> inOrder(String first, T a, String second, T b) {
    Map<String, T> map = new LinkedHashMap<>();
    map.put(first, a);
    map.put(second, b);
    return map;
  }

  private static ModelFile model(String method, int side, Head head) {
    PretrainSettings settings = usual(method);
    return new ModelFile(
        settings.network(CPU, side, 9),
        new Preprocessing(
            CPU, new ChannelStats(new double[] {0, 0.5, 1}, new double[] {1, 2, 4}), null),
        List.of(CLASSES.split("\n")),
        settings,
        inOrder("identity", "me", "seed", "8"),
        head);
  }

  @Test
  void writtenFilesAreReadBack() throws IOException {
    Head head =
        new Head(
            inOrder(
                "fc.weight", CPU.of(numbers(2, 3 * 4096, -0.5f), 3, 4096),
                "fc.bias", CPU.of(numbers(3, 3, 0), 3)),
            FeatureForm.of("mirrored"));
    ModelFile model = model("hpca", 24, head);
    Path file = dir.resolve("model.safetensors");
    model.write(file);
    ModelFile read = ModelFile.read(CPU, file);
    assertEquals(24, read.network().side());
    assertEquals(model.settings(), read.settings());
    assertEquals(model.classNames(), read.classNames());
    assertEquals("me", read.identity());
    assertEquals(8, read.seed());
    assertTrue(read.head().form().mirrored() && read.head().isClassifier());
    assertArrayEquals(model.scores(images(24)).toArray(), read.scores(images(24)).toArray());
    assertEquals(0.5, read.inputs().stats().mean(1));
    assertNull(read.inputs().zca());
    Path again = dir.resolve("again.safetensors");
    read.write(again);
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
  }

  @Test
  void namesOfClassesMayHoldAnything() throws IOException {
    ModelFile model = model("hpca", 24, Head.NONE);
    List<String> names = List.of("a\nb", "c, d", "\"e\"", "ü");
    Path file = dir.resolve("model.safetensors");
    new ModelFile(
            model.network(),
            model.inputs(),
            names,
            model.settings(),
            model.provenance(),
            model.head())
        .write(file);
    assertEquals(names, ModelFile.read(CPU, file).classNames());
  }

  /** A file as it is written, with other metadata and with a value of a tensor. */
  private SafeTensorsWriter resealed(Map<String, String> changes, String tensor, float value)
      throws IOException {
    Path file = dir.resolve("model.safetensors");
    model("hpca", 24, Head.NONE).write(file);
    SafeTensorsWriter writer = SafeTensors.writer();
    try (SafeTensors saved = SafeTensors.read(file)) {
      Map<String, String> metadata = new LinkedHashMap<>(saved.metadata());
      metadata.remove("sha256");
      metadata.putAll(changes);
      metadata.forEach((key, text) -> {
        if (!text.isEmpty()) {
          writer.metadata(key, text);
        }
      });
      for (String name : saved.names()) {
        float[] values = saved.floats(name);
        values[values.length - 1] = name.equals(tensor) ? value : values[values.length - 1];
        writer.floats(name, saved.shape(name), values);
      }
    }
    return writer;
  }

  @Test
  void resealedFiles() throws IOException {
    Path fine = dir.resolve("fine.safetensors");
    resealed(Map.of("note", "mine"), "", 0).write(fine);
    assertEquals("mine", ModelFile.read(CPU, fine).provenance().get("note"));
    for (String names : new String[] {"", "[]", "a", "[1", "[null]"}) {
      String message = refused(resealed(Map.of("class_names", names), "", 0));
      assertTrue(message.contains("refused.safetensors is no whole FastHebb model"), message);
      assertTrue(message.endsWith("; get another copy"), message);
    }
    for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      for (String tensor : new String[] {"conv1.weight", "bn5.running_var", "inputs.mean"}) {
        String message = refused(resealed(Map.of(), tensor, value));
        assertTrue(message.contains("refused.safetensors"), message);
        assertTrue(message.contains("finite"), message);
      }
    }
    for (String key : new String[] {"seed", "epochs", "eta", "batch", "winners", "vae_loss"}) {
      String message = refused(resealed(Map.of(key, "1x"), "", 0));
      assertTrue(message.contains("refused.safetensors"), message);
    }
  }

  private String refused(SafeTensorsWriter writer) throws IOException {
    Path file = dir.resolve("refused.safetensors");
    writer.write(file);
    return assertThrows(CheckpointException.class, () -> ModelFile.read(CPU, file)).getMessage();
  }

  @Test
  void filesOfOtherKinds() throws IOException {
    String message = refused(SafeTensors.writer().metadata("format", "pt"));
    assertTrue(message.contains("is no FastHebb model"), message);
    message =
        refused(
            SafeTensors.writer()
                .metadata("format", "fasthebb-1")
                .metadata("architecture", "huge")
                .metadata("rule", "hpca")
                .metadata("classes", "a"));
    assertTrue(message.contains("a network that this version does not know"), message);
    message =
        refused(
            SafeTensors.writer()
                .metadata("format", "fasthebb-1")
                .metadata("architecture", "small")
                .metadata("rule", "magic")
                .metadata("classes", "a"));
    assertTrue(message.contains("magic"), message);
    for (String side : new String[] {"5", "many"}) {
      message =
          refused(
              SafeTensors.writer()
                  .metadata("format", "fasthebb-1")
                  .metadata("architecture", "small")
                  .metadata("rule", "hpca")
                  .metadata("side", side)
                  .metadata("classes", "a"));
      assertTrue(message.contains("its images are " + side + " pixels a side"), message);
    }
  }

  @Test
  void tensorsOfAnotherNetwork() throws IOException {
    SafeTensorsWriter none =
        SafeTensors.writer()
            .metadata("format", "fasthebb-1")
            .metadata("architecture", "small")
            .metadata("rule", "hpca")
            .metadata("side", "24")
            .metadata("classes", "a");
    String message = refused(none);
    assertTrue(message.contains("has no tensor conv1.weight"), message);
    message = refused(none.floats("conv1.weight", new int[] {2}, new float[2]));
    assertTrue(message.contains("has conv1.weight [2], but this network needs"), message);
  }
}
