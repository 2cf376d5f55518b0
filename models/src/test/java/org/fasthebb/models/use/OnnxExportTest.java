package org.fasthebb.models.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.learn.Classifier;
import org.fasthebb.models.learn.Normalisation;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.protocol.Head;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.models.readout.NearestNeighbours;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime computes the same from an exported model as this program does. */
class OnnxExportTest {
  private static final int IMAGES = 64;

  /** Images that are computed at once. */
  private static final int PART = 16;

  private static final float BAR = 1e-4f;
  private static final String TRAINED = "labels=25 read_out=ridge from=1";

  @TempDir Path dir;

  /** Frees what the models of a test hold. */
  private final Backend cpu = Backend.cpu(2);

  @AfterEach
  void close() {
    cpu.close();
  }

  /** Every architecture, with every kind of response, bias and batch norm in one of them. */
  @ParameterizedTest
  @CsvSource({
    "small, swta",
    "small, hpca",
    "small, oja",
    "small, supervised",
    "imagenet, swta",
    "softhebb, softhebb",
    "softhebb, supervised",
    "patches, patches",
    "patches, hpca",
    "patches, vae",
    "softhebb-patches, softhebb-patches"
  })
  void everyNetworkGivesTheSameFeatures(String name, String method)
      throws IOException, OrtException {
    Architecture architecture = Architecture.named(name).orElseThrow();
    int side = IntStream.range(1, 200).filter(architecture::fits).findFirst().orElseThrow();
    Trained network = network(method, architecture, side);
    assertSame(network, normalising(), Map.of(), FeatureForm.PLAIN, Set.of("features"));
  }

  /** Images of one tile, and images that are resized to 2 x 2 tiles and back. */
  @ParameterizedTest
  @ValueSource(ints = {32, 40})
  void whitenedImagesAreTheSame(int side) throws IOException, OrtException {
    int s = Zca.FILTER * Zca.FILTER * Architecture.CHANNELS;
    float[] z = new float[s * s];
    for (int i = 0; i < s; i++) {
      for (int j = Math.max(0, i - 40); j < Math.min(s, i + 40); j++) {
        z[i * s + j] = (i == j ? 1 : 0) - 0.01f * ((i * 7 + j * 3) % 5);
      }
    }
    Preprocessing whitening =
        new Preprocessing(cpu, normalising().stats(), new Zca(32, cpu.of(z, s, s)));
    Trained network = network("hard-wta", Architecture.patches(), side);
    assertSame(network, whitening, Map.of(), FeatureForm.PLAIN, Set.of("features"));
  }

  @ParameterizedTest
  @CsvSource({
    "small, ''",
    "small, normalised",
    "small, normalised mirrored pooled=2 power=0.5 unit_length",
    "small, normalised pooled=1 whitened=0.5 unit_length",
    "small, joined mirrored pooled=3 power=0.7",
    "softhebb, joined mirrored pooled=2",
    "softhebb-patches, joined pooled=2 power=0.5"
  })
  void everyFormOfFeaturesGivesTheSameScores(String name, String words)
      throws IOException, OrtException {
    FeatureForm form = FeatureForm.of(words);
    Architecture architecture = Architecture.named(name).orElseThrow();
    Trained network = network("hpca", architecture, architecture.fits(24) ? 24 : 32);
    int width = form.width(network.made());
    Map<String, Tensor> head = new LinkedHashMap<>();
    head.put(Classifier.WEIGHT, numbers(2, 0.1f, TinyModel.CLASSES.size(), width));
    head.put(Classifier.BIAS, numbers(3, 1, TinyModel.CLASSES.size()));
    if (form.normalised()) {
      head.put(Normalisation.MEAN, numbers(4, 1, width));
      head.put(Normalisation.VARIANCE, numbers(5, 1, width).plus(0.6f).copy());
    }
    if (form.whitened() > 0) {
      head.put(Normalisation.WHITENING, numbers(6, 1, width, width));
    }
    assertSame(network, normalising(), head, form, Set.of("features", "scores"));
  }

  @Test
  void nearestNeighboursVoteTheSame() throws IOException, OrtException {
    Trained network = network("hpca", Architecture.small(), 24);
    Map<String, Tensor> head = new LinkedHashMap<>();
    try (Scope _ = cpu.scope()) {
      Tensor some = cpu.of(pixels(24), IMAGES, 24, 24, 3).slice(0, 0, 9).contiguous();
      Tensor features = network.made().features(some);
      head.put(
          NearestNeighbours.ROWS, cpu.zeros(9, network.made().featureCount()).assign(features));
    }
    head.put(NearestNeighbours.LABELS, cpu.of(new float[] {0, 1, 2, 2, 1, 0, 1, 1, 2}, 9));
    head.put(NearestNeighbours.K, cpu.of(new float[] {5}, 1));
    FeatureForm form = FeatureForm.of("unit_length");
    assertSame(network, normalising(), head, form, Set.of("features", "scores"));
  }

  @Test
  void centroidsOfPretrainingGiveTheSameScores() throws IOException, OrtException {
    Trained network = network("swta", Architecture.small(), 24);
    Map<String, Tensor> head =
        Map.of("fc6.weight", numbers(2, 1, 3, network.made().featureCount()));
    assertSame(network, normalising(), head, FeatureForm.PLAIN, Set.of("features", "scores"));
  }

  @Test
  void fineTunedModelsGiveProbabilitiesAndSayWhatTheyAre() throws IOException, OrtException {
    Path file = TinyModel.write(dir.resolve("model.safetensors"), "labels=25 from=1");
    Path onnx = dir.resolve("model.onnx");
    float[] photo = TinyModel.pixels(5);
    try (Model model = Model.load(cpu, file);
        OrtSession session = session(model, onnx)) {
      assertEquals(Set.of("features", "scores", "probabilities"), session.getOutputNames());
      float[][] probabilities = run(session, photo, 24).get("probabilities");
      model
          .classify(photo)
          .ranking()
          .forEach(each -> assertEquals(each.score(), probabilities[0][each.label()], BAR));
      assertEquals(
          SafeTensors.metadata(file),
          new LinkedHashMap<>(session.getMetadata().getCustomMetadata()));
      assertEquals(
          "[\"cat\",\"dog\",\"old, friend\"]",
          session.getMetadata().getCustomMetadataValue("class_names").orElseThrow());
      TensorInfo images = (TensorInfo) session.getInputInfo().get("images").getInfo();
      assertEquals("[-1, 3, 24, 24]", Arrays.toString(images.getShape()));
    }
  }

  // ---- models

  private Tensor numbers(long seed, float size, int... shape) {
    Tensor tensor = cpu.zeros(shape);
    float[] values = TinyModel.numbers(seed, tensor.size(), -0.5f);
    tensor.write(values);
    return tensor.timesAssign(size);
  }

  /** A network and how it was made. */
  private record Trained(Network made, PretrainSettings settings) {}

  /** A network whose batch norms have seen something. */
  private Trained network(String method, Architecture architecture, int side) {
    Method how = Method.named(method).orElseThrow();
    PretrainSettings settings = PretrainSettings.of(how, architecture);
    Network network = settings.network(cpu, side, 9);
    network
        .tensors()
        .forEach((name, tensor) -> {
          if (name.startsWith("bn") || name.endsWith("bias")) {
            float[] values = TinyModel.numbers(name.hashCode(), tensor.size(), -0.5f);
            boolean positive = name.endsWith("running_var") || name.endsWith("weight");
            for (int i = 0; i < values.length; i++) {
              values[i] = positive ? 1 + values[i] : 0.2f * values[i];
            }
            tensor.write(values);
          } else if (method.startsWith("softhebb")) {
            tensor.timesAssign(1f / 25); // to norms of 1, as learning does
          }
        });
    return new Trained(network, settings);
  }

  private Preprocessing normalising() {
    double[] mean = {0.4, 0.5, 0.6};
    return new Preprocessing(cpu, new ChannelStats(mean, new double[] {0.2, 0.3, 0.1}), null);
  }

  // ---- comparison

  /** Pixels (64, side, side, 3) of smooth images, from 0 to 1. */
  private static float[] pixels(int side) {
    float[] pixels = new float[IMAGES * side * side * 3];
    float[] waves = TinyModel.numbers(7, IMAGES * 9, 0);
    for (int i = 0; i < pixels.length; i++) {
      int image = i / 3 / side / side;
      int at = image * 9 + i % 3 * 3;
      double phase =
          waves[at] * (i / 3 % side) + waves[at + 1] * (i / 3 / side % side) + 6 * waves[at + 2];
      pixels[i] = (float) (0.5 + 0.5 * Math.sin(phase));
    }
    return pixels;
  }

  private void assertSame(
      Trained network,
      Preprocessing inputs,
      Map<String, Tensor> head,
      FeatureForm form,
      Set<String> outputs)
      throws IOException, OrtException {
    Path file = dir.resolve("model.safetensors");
    new ModelFile(
            network.made(),
            inputs,
            TinyModel.CLASSES,
            network.settings(),
            Map.of("identity", TRAINED),
            new Head(head, form))
        .write(file);
    int side = network.made().side();
    float[] pixels = pixels(side);
    try (Model model = Model.load(cpu, file);
        OrtSession session = session(model, dir.resolve("model.onnx"))) {
      assertEquals(outputs, session.getOutputNames());
      Map<String, float[][]> theirs = run(session, pixels, side);
      for (int from = 0; from < IMAGES; from += PART) {
        try (Scope _ = cpu.scope()) {
          int image = pixels.length / IMAGES;
          float[] some = Arrays.copyOfRange(pixels, from * image, (from + PART) * image);
          Tensor images = model.file().inputs().batch(some, PART, side, side, 3);
          assertClose(model.file().network().features(images), from, theirs.get("features"));
          if (outputs.contains("scores")) {
            assertClose(model.file().scores(images), from, theirs.get("scores"));
          }
        }
      }
    }
  }

  private static void assertClose(Tensor ours, int from, float[]... all) {
    float[] expected = ours.toArray();
    assertEquals(IMAGES, all.length);
    float[][] theirs = Arrays.copyOfRange(all, from, from + PART);
    assertEquals(ours.size(1), theirs[0].length);
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      float actual = theirs[i / ours.size(1)][i % ours.size(1)];
      assertEquals(expected[i], actual, BAR * Math.max(1, largest), "value " + i);
    }
    assertTrue(largest > 1e-2, "all values are near 0");
    assertFalse(Arrays.stream(theirs).allMatch(row -> Arrays.equals(row, theirs[0])));
  }

  private static OrtSession session(Model model, Path onnx) throws IOException, OrtException {
    OnnxExport.write(model, onnx);
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(2);
    return OrtEnvironment.getEnvironment().createSession(onnx.toString(), options);
  }

  /** The outputs for pixels (b, side, side, 3), by name. */
  private static Map<String, float[][]> run(OrtSession session, float[] pixels, int side)
      throws OrtException {
    int area = side * side;
    float[] planes = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int image = i / 3 / area;
      planes[(image * 3 + i % 3) * area + i / 3 % area] = pixels[i];
    }
    long[] shape = {pixels.length / 3 / area, 3, side, side};
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor images = OnnxTensor.createTensor(environment, FloatBuffer.wrap(planes), shape);
        OrtSession.Result result = session.run(Map.of("images", images))) {
      Map<String, float[][]> outputs = new HashMap<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        outputs.put(output.getKey(), (float[][]) output.getValue().getValue());
      }
      return outputs;
    }
  }
}
