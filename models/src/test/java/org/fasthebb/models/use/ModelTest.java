package org.fasthebb.models.use;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.Problems;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.readout.FeatureForm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model in use: classes and features of files, images and arrays. */
class ModelTest {
  @TempDir static Path dir;
  private static Path tuned;

  @BeforeAll
  static void writeModel() throws IOException {
    tuned = TinyModel.write(dir.resolve("model.safetensors"), "labels=1.0 fine_tune_epochs=2");
  }

  /** The scores of features by the classifier of the tiny model. */
  private static double[] scores(float[] features) {
    double[] scores = new double[TinyModel.CLASSES.size()];
    float[] weights = TinyModel.weights();
    for (int c = 0; c < scores.length; c++) {
      scores[c] = TinyModel.biases()[c];
      for (int f = 0; f < features.length; f++) {
        scores[c] += (double) weights[c * features.length + f] * features[f];
      }
    }
    return scores;
  }

  private static float[] byLabel(Classification what) {
    float[] scores = new float[what.ranking().size()];
    what.ranking()
        .forEach(each -> {
          assertEquals(TinyModel.CLASSES.get(each.label()), each.name());
          scores[each.label()] = each.score();
        });
    return scores;
  }

  @Test
  void probabilitiesAreTheSoftmaxOfTheScores() throws IOException {
    try (Model model = Model.load(tuned)) {
      assertEquals(TinyModel.SIDE, model.side());
      assertEquals(TinyModel.CLASSES, model.classNames());
      Classification what = model.classify(TinyModel.pixels(1));
      double[] scores = scores(model.features(TinyModel.pixels(1)));
      double sum = 0;
      for (double score : scores) {
        sum += Math.exp(score - scores[0]);
      }
      float[] found = byLabel(what);
      double total = 0;
      for (int c = 0; c < scores.length; c++) {
        assertEquals(Math.exp(scores[c] - scores[0]) / sum, found[c], 1e-3);
        total += found[c];
      }
      assertEquals(1, total, 1e-5);
      assertTrue(what.probabilities());
      assertEquals(what.score(), what.probability().orElseThrow());
      assertTrue(what.ranking().get(0).score() >= what.ranking().get(1).score());
    }
  }

  @Test
  void scoresOfRidgeAreNoProbabilities() throws IOException {
    Path file = dir.resolve("ridge.safetensors");
    TinyModel.write(file, "labels=1.0 read_out=ridge unlabelled=0 from: read_out=linear");
    try (Model model = Model.load(file)) {
      Classification what = model.classify(TinyModel.pixels(1));
      double[] expected = scores(model.features(TinyModel.pixels(1)));
      float[] found = byLabel(what);
      for (int c = 0; c < expected.length; c++) {
        assertEquals(expected[c], found[c], 1e-3 + 1e-4 * Math.abs(expected[c]));
      }
      assertTrue(what.probability().isEmpty() && !what.probabilities());
    }
  }

  @Test
  void fileImageAndArrayAreTheSame() throws IOException {
    Path photo = TinyModel.writePhoto(dir.resolve("same.png"), 3);
    try (Model model = Model.load(tuned)) {
      float[] ofFile = model.features(photo);
      assertEquals(model.featureCount(), ofFile.length);
      assertArrayEquals(ofFile, model.features(TinyModel.photo(3)));
      assertArrayEquals(ofFile, model.features(TinyModel.pixels(3)), 1e-3f);
      assertEquals(model.classify(photo), model.classify(TinyModel.photo(3)));
      assertArrayEquals(
          byLabel(model.classify(photo)), byLabel(model.classify(TinyModel.pixels(3))), 1e-4f);
    }
  }

  @Test
  void manyAreTheSameAsOneByOneAndABadFileStopsNone() throws IOException {
    Path folder = dir.resolve("photos");
    TinyModel.writePhoto(folder.resolve("z.png"), 1);
    TinyModel.writePhoto(folder.resolve("b/c/x.png"), 2);
    Files.writeString(folder.resolve("b/bad.png"), "no image");
    Files.writeString(folder.resolve("b/readme.txt"), "no image");
    Path gone = folder.resolve("gone.png");
    List<Path> files = Photos.list(List.of(folder, gone), Problems.STOP);
    assertEquals(
        List.of(
            folder.resolve("z.png"),
            folder.resolve("b/bad.png"),
            folder.resolve("b/c/x.png"),
            gone),
        files);
    try (Model model = Model.load(tuned)) {
      Photos photos = new Photos(files, model.side(), Orientation.UPRIGHT);
      List<Classification> found = new ArrayList<>();
      model.classify(
          photos,
          (i, what) -> {
            assertEquals(found.size(), i);
            found.add(what);
          });
      for (int i : new int[] {0, 2}) {
        assertNull(photos.failure(i));
        assertArrayEquals(
            byLabel(model.classify(files.get(i))), byLabel(found.get(i)), 1e-5f, "photo " + i);
      }
      assertTrue(photos.failure(1).getMessage().contains("bad.png cannot be read as an image"));
      assertTrue(photos.failure(3).getMessage().contains("there is no such file"));
      List<String> failed = new ArrayList<>();
      List<Integer> rows = new ArrayList<>();
      photos.features(
          model,
          model.layers().getLast(),
          FeatureForm.PLAIN,
          e -> failed.add(e.getMessage()),
          (i, _) -> rows.add(i));
      assertEquals(List.of(0, 2), rows);
      assertEquals(2, failed.size());
    }
  }

  @Test
  void aLinkBackToAFolderIsFollowedOnce() throws IOException {
    Path folder = dir.resolve("loop");
    TinyModel.writePhoto(folder.resolve("in/x.png"), 1);
    Files.createSymbolicLink(folder.resolve("in/again"), folder.toAbsolutePath());
    assertEquals(List.of(folder.resolve("in/x.png")), Photos.list(List.of(folder), Problems.STOP));
  }

  @Test
  void aPretrainedModelHasFeaturesButNoClasses() throws IOException {
    Path file = TinyModel.writePretrained(dir.resolve("pretrained.safetensors"));
    try (Model model = Model.load(file)) {
      float[] image = TinyModel.pixels(1);
      assertEquals(4096, model.features(image).length);
      String sentence =
          assertThrows(IllegalStateException.class, () -> model.classify(image)).getMessage();
      assertTrue(sentence.contains("the command finetune"), sentence);
    }
  }

  @Test
  void threadsGetTheSameAnswersAsOne() throws Exception {
    List<Classification> expected = new ArrayList<>();
    try (Model model = Model.load(tuned);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 12; i++) {
        expected.add(model.classify(TinyModel.pixels(i)));
      }
      List<Future<Classification>> found = new ArrayList<>();
      for (int i = 0; i < expected.size(); i++) {
        float[] image = TinyModel.pixels(i);
        found.add(threads.submit(() -> model.classify(image)));
      }
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i), found.get(i).get());
      }
    }
    assertTrue(expected.stream().map(Classification::score).distinct().count() > 6);
  }

  @Test
  void wrongUseIsOneSentence() throws IOException, ExecutionException {
    Model model = Model.load(tuned);
    String values =
        assertThrows(IllegalArgumentException.class, () -> model.classify(new float[5]))
            .getMessage();
    assertTrue(values.contains("5 values") && values.contains("1728"), values);
    Path text = Files.writeString(dir.resolve("text.png"), "no image");
    String unreadable = assertThrows(DataException.class, () -> model.classify(text)).getMessage();
    assertTrue(unreadable.contains("text.png cannot be read as an image"), unreadable);
    model.close();
    model.close();
    float[] image = TinyModel.pixels(1);
    assertThrows(IllegalStateException.class, () -> model.features(image));
    assertThrows(CheckpointException.class, () -> Model.load(text));
    assertThrows(CheckpointException.class, () -> Model.load(dir.resolve("none.safetensors")));
  }

  @Test
  void arraysNeedNoDesktop() throws IOException, InterruptedException, URISyntaxException {
    Path tests = Path.of(ModelTest.class.getResource("ModelTest.class").toURI());
    List<String> path = new ArrayList<>();
    path.add(tests.resolve("../../../../..").normalize().toString());
    path.add(System.getProperty("java.class.path", ""));
    path.add(System.getProperty("jdk.module.path", ""));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules=java.base,java.logging,jdk.incubator.vector,jdk.unsupported",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(File.pathSeparator, path),
                ArraysOnly.class.getName(),
                tuned.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertTrue(
        TinyModel.CLASSES.stream().anyMatch(name -> output.contains(name + " 4096")), output);
  }
}
