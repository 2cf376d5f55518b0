package org.fasthebb.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.protocol.Head;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.readout.FeatureForm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands for research: export, readout, runs and compare, and numpy beside them. */
class ResearchTest {
  @TempDir static Path dir;
  private static Path images;
  private static String tuned;

  @BeforeAll
  static void trainOnce() throws IOException {
    images = TinyImages.write(dir.resolve("images"), 10, 3);
    tuned = train("tuned", "hpca", "--fine-tune-epochs", "1");
  }

  private static String train(String name, String rule, String... more) {
    Path out = dir.resolve(name);
    Stream<String> options =
        Stream.of("--rule", rule, "--epochs", "1", "--labels", "100%", "--out", out.toString());
    Program.onFolder(
            images.toString(),
            "run",
            Stream.concat(options, Stream.of(more)).toArray(String[]::new))
        .succeeds();
    return out.resolve("model.safetensors").toString();
  }

  // ---- export

  @Test
  void exportSaysWhatTheFileTakesAndGives() throws IOException {
    Path onnx = dir.resolve("tuned.onnx");
    Files.writeString(onnx, "an older file");
    Program program = Program.run("export", "--model", tuned, "--onnx", onnx.toString()).succeeds();
    assertEquals(
        List.of(
            onnx
                + ": images (batch, 3, 32, 32) give 4,096 features, scores and probabilities of 2"
                + " classes"),
        program.out());
    long weights = Files.size(Path.of(tuned));
    assertTrue(Files.size(onnx) > weights && Files.size(onnx) < 1.01 * weights);
    Program json = Program.run("export", "--model", tuned, "--onnx", onnx.toString(), "--json");
    assertTrue(json.out().getLast().contains("\"opset\":17"), json.out().getLast());
  }

  @Test
  void exportRefusesOtherNamesAndMissingFolders() {
    assertTrue(Program.run("export", "--model", tuned, "--onnx", tuned).fails(2).contains(".onnx"));
    String gone = dir.resolve("gone/m.onnx").toString();
    assertTrue(
        Program.run("export", "--model", tuned, "--onnx", gone)
            .fails(2)
            .contains("does not exist"));
  }

  @Test
  void aModelIsNotOverwrittenByWhatIsMadeOfIt() throws IOException {
    byte[] before = Files.readAllBytes(Path.of(tuned));
    Path link = Files.createSymbolicLink(dir.resolve("link.onnx"), Path.of(tuned));
    for (String model : List.of(tuned, link.toString())) {
      String sentence = Program.run("export", "--model", model, "--onnx", link.toString()).fails(2);
      assertTrue(sentence.contains("the same file as"), sentence);
    }
    String sentence =
        Program.run("embed", "--model", tuned, "--out", tuned, images.toString()).fails(2);
    assertTrue(sentence.contains("the same file as"), sentence);
    assertArrayEquals(before, Files.readAllBytes(Path.of(tuned)));
  }

  // ---- features of any program

  /**
   * Writes the features of the training and the test images; returns the options that name them.
   */
  private static List<String> embedded(String model, String end) {
    Stream.of("train", "test")
        .forEach(part ->
            Program.run(
                    "embed",
                    "--model",
                    model,
                    "--out",
                    dir.resolve(part + end).toString(),
                    images.resolve(part).toString())
                .succeeds());
    return List.of(
        "--train", dir.resolve("train" + end).toString(),
        "--test", dir.resolve("test" + end).toString());
  }

  private static Program on(List<String> files, String command, String... more) {
    return Program.run(
        Stream.of(List.of(command), files, List.of(more))
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  /** The same images, features, split and read-out as in run, so the same weight and accuracies. */
  @Test
  void readOutOfAFileIsThatOfRun() {
    Path out = dir.resolve("ridge");
    Program run =
        Program.onFolder(
                images.toString(),
                "run",
                "--rule",
                "none",
                "--labels",
                "50%",
                "--read-out",
                "ridge",
                "--no-mirror",
                "--pool",
                "0",
                "--json",
                "--out",
                out.toString())
            .succeeds();
    List<String> files = embedded(out.resolve("model.safetensors").toString(), ".npy");
    Program read = on(files, "readout", "--labels", "50%", "--json").succeeds();
    String chosen = line(run.err(), "ridge: ");
    assertEquals(chosen, line(read.err(), "ridge: "));
    assertTrue(chosen.startsWith("ridge: 8 images, weight "), chosen);
    assertEquals(field(run, "test_accuracy"), field(read, "test_accuracy"));
  }

  private static String line(List<String> lines, String start) {
    return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }

  private static String field(Program program, String name) {
    return program.out().getLast().replaceAll(".*\"" + name + "\":([^,}]*).*", "$1");
  }

  @Test
  void allFormsOfAFileGiveTheSame() {
    List<String> answers =
        Stream.of(".npy", ".csv", ".safetensors")
            .map(end -> embedded(tuned, end))
            .flatMap(files ->
                Stream.of("ridge", "centroids", "knn")
                    .map(kind -> kind + on(files, "readout", "--read-out", kind).succeeds().out()))
            .toList();
    assertEquals(answers.subList(0, 3), answers.subList(3, 6));
    assertEquals(answers.subList(0, 3), answers.subList(6, 9));
    Program model =
        Program.onFolder(images.toString(), "retrieve", "--model", tuned, "--json").succeeds();
    Program given = on(embedded(tuned, ".csv"), "retrieve", "--json").succeeds();
    for (String score : List.of("knn_accuracy", "precision_at_k", "map", "features", "database")) {
      assertEquals(field(model, score), field(given, score), score);
    }
  }

  /** Points on two axes; one of the three to test is nearer to the other class. */
  private static List<String> points(String test) throws IOException {
    Path train = dir.resolve("points.csv");
    Files.writeString(
        train, "label,f0,f1\nright,1,0\nright,2,0.1\n\"up, high\",0,1\n\"up, high\",0.1,2\n");
    Path other = Files.writeString(dir.resolve("others.csv"), test);
    return List.of("--train", train.toString(), "--test", other.toString());
  }

  @Test
  void featuresOfOtherProgramsAreReadOut() throws IOException {
    List<String> files = points("label,f0,f1\nright,3,1\n\"up, high\",1,3\nright,1,3\n");
    for (String kind : List.of("ridge", "centroids", "knn")) {
      List<String> out =
          on(files, "readout", "--read-out", kind, "--raw-features", "--validation", "0")
              .succeeds()
              .out();
      assertEquals(
          "Test accuracy  66.7 % of 3 images (guessing would give 50.0 %)", out.getFirst());
    }
    String marked = "\uFEFFlabel,f0,f1\nright,3,1\n\"up, high\",1,3\nright,1,3\n";
    on(points(marked), "readout", "--validation", "0").succeeds();
    points("label,f0,f1\nright,3,1\n\"up, high\",1,3\nright,1,3\n");
    Path three = Files.writeString(dir.resolve("three.csv"), "label,f0,f1\na,3,1\nb,1,3\nc,2,2\n");
    List<String> twice = List.of("--train", three.toString(), "--test", three.toString());
    Program few = on(twice, "readout", "--labels", "70%", "--validation", "0").succeeds();
    assertTrue(few.err().getFirst().contains("are of 2 of the 3 classes"), few.err()::toString);
    assertTrue(
        on(files, "retrieve", "--k", "1").succeeds().out().get(1).contains("66.7 % of 3 images"));
  }

  @Test
  void filesThatDoNotFitAreRefusedInOneSentence() throws IOException {
    String[] wrong = {
      "f0,f1\n1,2\n", "names no column label",
      "label,f0,f1\nright,1\n", "row 0 of",
      "label,f0,f1\nright,1,x\n", "'x' is no number",
      "label,f0,f1\nright,1,NaN\n", "not finite",
      "label,f0,f1\n,1,2\n", "row 0 has no label",
      "label,f0,f1\n", "it has 0 rows",
      "label,f0\nright,1\n", "1",
      "label,f0,f1\ndown,1,2\n", "class 'down'"
    };
    for (int i = 0; i < wrong.length; i += 2) {
      String sentence = on(points(wrong[i]), "readout").fails(1);
      assertTrue(sentence.contains("others.csv") && sentence.contains(wrong[i + 1]), sentence);
    }
    Path npy = dir.resolve("lonely.npy");
    writePixels(npy, List.of());
    List<String> alone = List.of("--train", npy.toString(), "--test", npy.toString());
    assertTrue(on(alone, "readout").fails(1).contains("lonely.npy.files.csv"));
    Files.writeString(dir.resolve("lonely.npy.files.csv"), "row,file,label\n");
    assertTrue(on(alone, "readout").fails(1).contains("(0, 32, 32, 3)"));
    String absent = dir.resolve("x.npy").toString();
    List<String> gone = List.of("--train", absent, "--test", npy.toString());
    assertTrue(on(gone, "readout").fails(1).contains("there is no such file"));
    List<String> text =
        List.of("--train", npy.toString(), "--test", dir.resolve("x.txt").toString());
    assertTrue(on(text, "readout").fails(2).contains("must end with .npy"));
    assertTrue(on(List.of(), "readout").fails(2).contains("--train and --test"));
    assertTrue(on(List.of(), "retrieve").fails(2).contains("--model"));
  }

  // ---- runs

  @Test
  void runsAreListedWithHowFarTheyCame() throws IOException {
    Path root = dir.resolve("list");
    Path folder = Files.createDirectories(root.resolve("inner/killed"));
    SafeTensors.writer()
        .metadata("identity", "data=photos/12ab rule=swta epochs=3 seed=1")
        .write(folder.resolve("pretrain.state"));
    Path damaged = Files.createDirectories(root.resolve("damaged"));
    Files.writeString(damaged.resolve("model.safetensors"), "not a model");
    copy(Path.of(tuned).getParent(), root.resolve("done"));
    Program program = Program.run("runs", root.toString()).succeeds();
    assertEquals(3, program.out().size());
    String all = String.join("\n", program.out());
    assertTrue(
        all.matches("(?s).*\\d  hpca +images +100% +1 \\+ 1 +\\d+\\.\\d % +ended +\\S+done.*"),
        all);
    assertTrue(all.matches("(?s).*\\d  swta +photos +3 +not ended +\\S+inner/killed.*"), all);
    assertEquals(1, program.err().size());
    assertTrue(program.err().getFirst().contains("damaged"), program.err().getFirst());
    Program json = Program.run("runs", root.toString(), "--json").succeeds();
    assertTrue(json.out().getLast().contains("\"status\":\"not ended\""), json.out().getLast());
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (String name :
        List.of("model.safetensors", "model.json", "pretrained.json", "results.json")) {
      Files.copy(from.resolve(name), to.resolve(name));
    }
  }

  @Test
  void aFolderWithoutRunsIsSaidToHaveNone() {
    assertEquals(
        List.of("There is no run in " + images + "."),
        Program.run("runs", images.toString()).succeeds().out());
    assertTrue(Program.run("runs", tuned).fails(2).contains("no folder"));
  }

  @Test
  void compareShowsSettingsThatDifferAndCurves() throws IOException {
    String other = train("other", "hpca", "--fine-tune-epochs", "2", "--seed", "3");
    Path html = dir.resolve("compare.html");
    String one = Path.of(tuned).getParent().toString();
    String two = Path.of(other).getParent().toString();
    Program program = Program.run("compare", one, two, "--html", html.toString()).succeeds();
    List<String> names =
        program.out().stream().map(line -> line.split(" {2,}")[0]).map(String::strip).toList();
    assertEquals(List.of("", "test accuracy", "seed", "fine-tune-epochs"), names.subList(0, 4));
    assertTrue(program.out().get(3).matches("fine-tune-epochs +1 +2"), program.out().get(3));
    String page = Files.readString(html);
    for (String part :
        List.of(
            "<td>3</td>", "tuned", "other", "Accuracy on validation images", "chance", "<svg")) {
      assertTrue(page.contains(part), part);
    }
    assertTrue(
        Program.run("compare", one, one)
            .succeeds()
            .out()
            .getLast()
            .contains("settings and the data are the same"));
    assertTrue(Program.run("compare", one, images.toString()).fails(1).contains("no run"));
    assertTrue(Program.run("compare", one).fails(2).contains("only one folder"));
    String results = Path.of(one, "results.json").toString();
    assertTrue(Program.run("compare", one, two, "--html", results).fails(2).contains(".html"));
    Path early = Files.createDirectories(dir.resolve("early"));
    SafeTensors.writer()
        .metadata("identity", "data=photos/12ab rule=hpca epochs=1 seed=0")
        .write(early.resolve("pretrained.safetensors"));
    String lines =
        String.join("\n", Program.run("compare", one, early.toString()).succeeds().out());
    assertTrue(lines.matches("(?s).*\nlabels +100% +-\n.*"), lines);
  }

  // ---- the documented forward pass

  @ParameterizedTest
  @ValueSource(strings = {"hpca", "swta", "supervised"})
  void numpyComputesTheSameFeatures(String rule) throws IOException, InterruptedException {
    assumeTrue(hasNumpy(), "python3 with numpy is not here");
    String model = rule.equals("hpca") ? tuned : untrained(rule);
    Path test = images.resolve("test");
    Path ours = dir.resolve(rule + "-ours.npy");
    Program.run("embed", "--model", model, "--out", ours.toString(), test.toString()).succeeds();
    List<Path> files;
    try (Stream<Path> found = Files.walk(test)) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    Path pixels = dir.resolve("pixels.npy");
    writePixels(pixels, files);
    Path theirs = dir.resolve(rule + "-theirs.npy");
    python(
        Path.of("..", "docs", "examples", "forward.py").toString(),
        model,
        pixels.toString(),
        theirs.toString());
    float[] expected = values(theirs);
    float[] actual = values(ours);
    assertEquals(files.size() * 4096, expected.length);
    assertEquals(expected.length, actual.length);
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 1e-3, "all features are near 0");
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-4 * largest, "feature " + i);
    }
  }

  /** A model with random weights, whose images are whitened by a matrix of few diagonals. */
  private static String untrained(String rule) throws IOException {
    int s = Zca.FILTER * Zca.FILTER * 3;
    float[] z = new float[s * s];
    for (int i = 0; i < s; i++) {
      for (int j = Math.max(0, i - 40); j < Math.min(s, i + 40); j++) {
        z[i * s + j] = (i == j ? 1 : 0) - 0.01f * ((i * 7 + j * 3) % 5);
      }
    }
    PretrainSettings how = PretrainSettings.of(Method.named(rule).orElseThrow());
    double[] mean = {0.4, 0.5, 0.6};
    ChannelStats stats = new ChannelStats(mean, new double[] {0.2, 0.3, 0.1});
    Path file = dir.resolve(rule + ".safetensors");
    try (Backend cpu = Backend.cpu(1)) {
      new ModelFile(
              how.network(cpu, 32, 1),
              new Preprocessing(cpu, stats, new Zca(Zca.FILTER, cpu.of(z, s, s))),
              List.of("above", "left"),
              how,
              Map.of(),
              new Head(Map.of(), FeatureForm.PLAIN))
          .write(file);
    }
    return file.toString();
  }

  private static boolean hasNumpy() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "-c", "import numpy").start().waitFor() == 0;
    } catch (IOException e) {
      return false; // no python3
    }
  }

  private static void python(String... words) throws IOException, InterruptedException {
    List<String> command = Stream.concat(Stream.of("python3"), Stream.of(words)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  /** Writes pixels (images, 32, 32, 3) from 0 to 1 as numpy does. */
  private static void writePixels(Path npy, List<Path> files) throws IOException {
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (COUNT, 32, 32, 3), }"
            .replace("COUNT", Integer.toString(files.size()));
    header = header + " ".repeat(117 - header.length()) + "\n";
    ByteBuffer bytes = ByteBuffer.allocate(128 + files.size() * 32 * 32 * 3 * Float.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93).put("NUMPY\1\0".getBytes(UTF_8));
    bytes.putShort((short) header.length()).put(header.getBytes(UTF_8));
    for (Path file : files) {
      BufferedImage image = ImageIO.read(file.toFile());
      for (int i = 0; i < 32 * 32 * 3; i++) {
        int rgb = image.getRGB(i / 3 % 32, i / 3 / 32);
        bytes.putFloat((rgb >> (16 - 8 * (i % 3)) & 255) / 255f);
      }
    }
    Files.write(npy, bytes.array());
  }

  /** The float32 values of a .npy file. */
  private static float[] values(Path npy) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
    assertTrue(new String(bytes.array(), 0, 128, UTF_8).contains("'<f4'"));
    bytes.position(10 + bytes.getShort(8));
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }
}
