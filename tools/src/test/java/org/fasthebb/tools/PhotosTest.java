package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.models.use.Classification;
import org.fasthebb.models.use.Model;
import org.fasthebb.models.use.Photos;
import org.fasthebb.tools.console.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for photos: classify, embed and similar. */
class PhotosTest {
  @TempDir static Path dir;
  private static Path images;
  private static Path test;
  private static String pretrained;
  private static String tuned;
  private static String ridge;

  @BeforeAll
  static void trainOnce() throws IOException {
    images = TinyImages.write(dir.resolve("images"), 20, 3);
    test = images.resolve("test");
    Path out = dir.resolve("out");
    run(out, "--fine-tune-epochs", "2");
    pretrained = out.resolve("pretrained.safetensors").toString();
    tuned = out.resolve("model.safetensors").toString();
    run(dir.resolve("ridge"), "--read-out", "ridge");
    ridge = dir.resolve("ridge").resolve("model.safetensors").toString();
  }

  private static void run(Path out, String... more) {
    Stream<String> options =
        Stream.of("--rule", "none", "--labels", "100%", "--out", out.toString());
    Program.onFolder(
            images.toString(),
            "run",
            Stream.concat(options, Stream.of(more)).toArray(String[]::new))
        .succeeds();
  }

  private static Program photos(String command, String model, Object... more) {
    Stream<String> words = Stream.of(more).map(Object::toString);
    return Program.run(
        Stream.concat(Stream.of(command, "--model", model), words).toArray(String[]::new));
  }

  // ---- classify

  @Test
  void classifyNamesTheClassOfEachPhoto() throws IOException {
    Program program = photos("classify", tuned, test).succeeds();
    assertEquals(6, program.out().size());
    Path first = test.resolve("above/1000.png");
    try (Model model = Model.load(Path.of(tuned))) {
      Classification what = model.classify(first);
      Classification.ClassScore second = what.ranking().get(1);
      assertEquals(
          Text.format(
              "%s: %s %s (%s %s)",
              first,
              what.name(),
              Text.percent(what.score()),
              second.name(),
              Text.percent(second.score())),
          program.out().getFirst());
    }
    long right =
        program.out().stream().filter(line -> line.matches(".*/(\\w+)/\\d+\\.png: \\1 .*")).count();
    assertTrue(right >= 5, right + " of 6 photos that are easily told apart");
  }

  @Test
  void classifyPrintsCsv() {
    List<String> rows = photos("classify", tuned, test, "--csv").succeeds().out();
    assertEquals("file,class,probability,class2,probability2", rows.getFirst());
    assertEquals(7, rows.size());
    for (String row : rows.subList(1, 7)) {
      String[] fields = row.split(",");
      assertEquals(1, Double.parseDouble(fields[2]) + Double.parseDouble(fields[4]), 1e-5);
    }
  }

  @Test
  void scoresOfRidgeAreNotCalledProbabilities() {
    List<String> rows = photos("classify", ridge, test, "--csv").succeeds().out();
    assertEquals("file,class,score,class2,score2", rows.getFirst());
    String json = photos("classify", ridge, test, "--json").succeeds().out().getLast();
    assertTrue(json.startsWith("[{\"file\":") && !json.contains("probability"), json);
    assertFalse(photos("classify", ridge, test).out().getFirst().contains("%"));
  }

  @Test
  void oneBadPhotoDoesNotStopTheOthers(@TempDir Path mixed) throws IOException {
    Files.copy(test.resolve("left/1000.png"), mixed.resolve("a.png"));
    Files.writeString(mixed.resolve("b.png"), "no image");
    Files.writeString(mixed.resolve("notes.txt"), "no image");
    Files.copy(test.resolve("left/1001.png"), mixed.resolve("c.png"));
    Path gone = mixed.resolve("gone.png");
    Program program = photos("classify", tuned, mixed, gone, "--json");
    assertEquals(1, program.code());
    assertEquals(1, program.out().size());
    String json = program.out().getFirst();
    assertTrue(json.contains("a.png") && json.contains("c.png") && !json.contains("b.png"), json);
    List<String> err = program.err();
    assertEquals(
        1,
        err.stream()
            .filter(line -> line.startsWith("left out: "))
            .filter(line -> line.contains("b.png"))
            .count());
    assertTrue(
        err.stream().anyMatch(line -> line.contains("gone.png") && line.contains("no such file")));
    assertTrue(
        err.stream()
            .anyMatch(line -> line.contains("1 file in") && line.contains("not an image (1)")));
    assertEquals("2 photos could not be used; see above.", err.getLast());
  }

  @Test
  void wrongUseIsOneSentence(@TempDir Path empty) {
    assertTrue(photos("classify", pretrained, test).fails(1).contains("the command finetune"));
    assertTrue(photos("classify", tuned, empty).fails(1).contains("has no image"));
    assertTrue(photos("classify", tuned, test, "--csv", "--json").fails(2).contains("give one"));
    assertTrue(photos("classify", tuned).fails(2).contains("FILE_OR_FOLDER"));
    assertTrue(photos("embed", tuned, test, "--out", "x.txt").fails(2).contains(".npy, .csv or"));
    for (String end : List.of(".npy", ".csv", ".SAFETENSORS")) {
      assertTrue(
          photos("embed", tuned, test, "--out", dir.resolve(end)).fails(2).contains("before the"));
    }
    assertTrue(photos("export", tuned, "--onnx", ".onnx").fails(2).contains("before the .onnx"));
    assertTrue(
        photos("similar", tuned, "--index", test, "--html", dir.resolve(".html"), test)
            .fails(2)
            .contains("before the .html"));
    assertTrue(
        photos("similar", tuned, "--index", dir.resolve("none"), test)
            .fails(2)
            .contains("no folder"));
    assertTrue(
        photos("similar", tuned, "--index", test, "--k", "0", test)
            .fails(2)
            .contains("at least 1"));
  }

  // ---- embed

  @Test
  void embedWritesWhatTheModelGives() throws IOException {
    Path npy = dir.resolve("features.npy");
    photos("embed", tuned, "--out", npy, test).succeeds();
    List<String> names = Files.readAllLines(dir.resolve("features.npy.files.csv"));
    assertEquals("row,file,label", names.getFirst());
    assertEquals("4,left/1001.png,left", names.get(5));
    assertEquals(7, names.size());
    byte[] bytes = Files.readAllBytes(npy);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals("NUMPY", new String(bytes, 1, 5, StandardCharsets.US_ASCII));
    int data = 10 + buffer.getShort(8);
    assertEquals(0, data % 64);
    String header = new String(bytes, 10, data - 10, StandardCharsets.US_ASCII);
    assertTrue(header.contains("'shape': (6, 4096)") && header.endsWith("\n"), header);
    assertEquals(data + 6 * 4096 * 4, bytes.length);
    float[] row = new float[4096];
    buffer
        .position(data + 4 * 4096 * 4)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(row);
    try (Model model = Model.load(Path.of(tuned))) {
      assertArrayEquals(model.features(test.resolve("left/1001.png")), row, 1e-4f);
    }
  }

  @Test
  void embedWritesTheSameInAllForms() throws IOException {
    Path csv = dir.resolve("same.csv");
    Path tensors = dir.resolve("same.safetensors");
    photos("embed", tuned, "--out", csv, "--pool", "1", test).succeeds();
    photos("embed", tuned, "--out", tensors, "--pool", "1", test).succeeds();
    List<String> rows = Files.readAllLines(csv);
    assertEquals("file,label,f0", rows.getFirst().substring(0, 13));
    try (SafeTensors saved = SafeTensors.read(tensors)) {
      saved.verifyChecksum();
      float[] features = saved.floats("features");
      int width = saved.shape("features")[1];
      assertEquals(List.of("above", "left"), Json.texts(saved.metadata().get("class_names")));
      assertArrayEquals(new long[] {0, 0, 0, 1, 1, 1}, saved.longs("labels"));
      List<String> files = Json.texts(saved.metadata().get("files"));
      for (int i = 0; i < 6; i++) {
        String[] fields = rows.get(i + 1).split(",");
        assertEquals(files.get(i), fields[0]);
        for (int f = 0; f < width; f++) {
          assertEquals(features[i * width + f], Float.parseFloat(fields[f + 2]));
        }
      }
    }
  }

  @Test
  void embedAndSimilarTakeAnyLayer() throws IOException {
    Path tensors = dir.resolve("conv1.safetensors");
    photos("embed", tuned, "--out", tensors, "--layer", "conv1", "--pool", "1", test).succeeds();
    try (SafeTensors saved = SafeTensors.read(tensors);
        Model model = Model.load(Path.of(tuned))) {
      float[] maps = new float[28 * 28 * 96];
      new Photos(List.of(test.resolve("above/1000.png")), model.side(), Orientation.UPRIGHT)
          .features(model, "conv1", FeatureForm.PLAIN, e -> {}, (_, row) -> copy(row, maps));
      assertArrayEquals(new int[] {6, 96}, saved.shape("features"));
      for (int n = 0; n < 96; n++) {
        double sum = 0;
        for (int at = n; at < maps.length; at += 96) {
          sum += maps[at];
        }
        assertEquals(sum / (28 * 28), saved.floats("features", n, 1)[0], 1e-5);
      }
    }
    photos("similar", pretrained, "--index", test, "--layer", "pool1", test).succeeds();
    for (Program refused :
        List.of(
            photos("embed", tuned, "--out", tensors, "--layer", "conv9", test),
            photos("similar", tuned, "--index", test, "--layer", "conv9", test))) {
      String sentence = refused.fails(2);
      assertTrue(
          sentence.contains("--layer is conv9; the network has conv1, pool1, bn1"), sentence);
    }
  }

  private static void copy(float[] from, float[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  // ---- similar

  @Test
  void similarFindsPhotosOfTheSameKind() throws IOException {
    Path page = dir.resolve("similar.html");
    Path index = dir.resolve("index.safetensors");
    String[] options = {
      "--index", images.resolve("train").toString(), "--index-file", index.toString(), "--k", "5"
    };
    Object[] words =
        Stream.concat(Arrays.stream(options), Stream.of("--html", page, test)).toArray();
    Program program = photos("similar", pretrained, words).succeeds();
    assertTrue(program.err().contains("40 photos in " + index + ", 40 computed"));
    assertEquals(6 * 6 + 1, program.out().size());
    assertEquals(test.resolve("above/1000.png") + ":", program.out().getFirst());
    long same =
        program.out().subList(0, 18).stream().filter(line -> line.contains("train/above/")).count();
    assertTrue(same >= 12, same + " of 15 photos are of the kind of the query");
    String html = Files.readString(page);
    assertEquals(6 * 6, html.split("<img ", -1).length - 1);
    assertTrue(html.contains("src=\"data:image/jpeg;base64,") && !html.contains("<script"));
    Program again = photos("similar", pretrained, words).succeeds();
    assertTrue(again.err().contains("40 photos in " + index + ", 0 computed"));
    assertEquals(program.out(), again.out());
  }

  @Test
  void aPhotoDoesNotFindItself(@TempDir Path copy) throws IOException {
    Path folder = TinyImages.write(copy, 3, 1).resolve("train");
    Path query = folder.resolve("left/1.png");
    List<String> out =
        photos("similar", pretrained, "--index", folder, "--k", "99", query).succeeds().out();
    assertEquals(1 + 5, out.size());
    assertTrue(out.stream().skip(1).noneMatch(line -> line.endsWith(query.toString())));
    assertTrue(Files.isDirectory(folder.resolve(".fasthebb")));
    String json =
        photos("similar", pretrained, "--index", folder, query, "--json")
            .succeeds()
            .out()
            .getLast();
    assertTrue(json.startsWith("[{\"query\":") && json.contains("\"cosine\":0."), json);
  }
}
