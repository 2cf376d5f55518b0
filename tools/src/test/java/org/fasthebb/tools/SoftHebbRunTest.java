package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fasthebb.models.io.Json;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.report.Results;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SoftHebb's network on a few images, from the command line. */
class SoftHebbRunTest {
  @TempDir static Path dir;
  private static String images;
  private static Path out;
  private static Program first;

  @BeforeAll
  static void runOnce() throws IOException {
    images = TinyImages.write(dir.resolve("images"), 12, 3).toString();
    out = dir.resolve("out");
    first = run(out, "--json").succeeds();
  }

  private static Program run(Path out, String... more) {
    String[] args = {
      "--rule",
      "softhebb",
      "--labels",
      "100%",
      "--validation",
      "0",
      "--read-out-epochs",
      "60",
      "--threads",
      "2",
      "--out",
      out.toString()
    };
    String[] all = Stream.of(args, more).flatMap(Stream::of).toArray(String[]::new);
    return Program.onFolder(images, "run", all);
  }

  private static Results results(Path out) throws IOException {
    return Json.read(out.resolve("results.json"), Results.class);
  }

  @Test
  void learnsWhatIsEasy() throws IOException {
    Results results = results(out);
    assertTrue(results.testAccuracy() >= 0.9, "" + results.testAccuracy());
    assertEquals("softhebb", results.rule());
    assertEquals("linear", results.readOut());
    assertEquals(1, results.epochs());
    assertEquals(60, results.fineTuneEpochs());
    assertEquals(60, results.fineTuneLoss().size());
    assertEquals(24, results.labelledImages());
    assertEquals(6, results.testImages());
    assertNull(results.validationAccuracy(), "nothing is held out");
    assertTrue(results.pretrainSeconds() > 0 && results.fineTuneSeconds() > 0);
  }

  @Test
  void writesItsFilesAndNoOther() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(out)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    assertEquals(
        Set.of(
            "pretrained.safetensors",
            "pretrained.json",
            "model.safetensors",
            "model.json",
            "results.json",
            "predictions.csv",
            "confusion.csv",
            "report.html"),
        names);
  }

  @Test
  void onStandardOutputIsOneLineOfJson() throws IOException {
    assertEquals(List.of(Json.line(results(out))), first.out());
  }

  @Test
  void progressNamesThePhases() {
    List<String> err = first.err();
    for (String phase : List.of("pretrain  epoch 1/1", "read-out  epoch 60/60")) {
      assertTrue(err.stream().anyMatch(line -> line.startsWith(phase)), err::toString);
    }
  }

  @Test
  void theReportShowsItsFilters() throws IOException {
    String report = Files.readString(out.resolve("report.html"));
    assertTrue(report.contains("data:image/png;base64,"));
    assertTrue(report.contains("--rule softhebb"));
  }

  @Test
  void secondRunReusesResultsAndPrintsTheAccuracy() throws IOException {
    Program again = run(out).succeeds();
    String accuracy = "Test accuracy  " + Text.percent(results(out).testAccuracy());
    assertTrue(String.join("\n", again.out()).contains(accuracy), again.out()::toString);
    // Pre-training, the read-out and the test.
    assertEquals(3, again.err().stream().filter(line -> line.startsWith("found ")).count());
  }

  @Test
  void otherSettingsNeedAnotherFolder() {
    for (String[] more : new String[][] {{"--seed", "1"}, {"--mirror"}}) {
      String sentence = run(out, more).fails(1);
      assertTrue(sentence.contains("other settings"), sentence);
    }
  }

  /** Mirrored features need another read-out. */
  @Test
  void mirroredFeatures() throws IOException {
    Path mirrored = dir.resolve("mirrored");
    Files.createDirectories(mirrored);
    for (String name : List.of("pretrained.safetensors", "pretrained.json")) {
      Files.copy(out.resolve(name), mirrored.resolve(name));
    }
    run(mirrored, "--mirror").succeeds();
    assertTrue(results(mirrored).testAccuracy() >= 0.9, "" + results(mirrored).testAccuracy());
    assertFalse(
        Arrays.equals(
            Files.readAllBytes(out.resolve("model.safetensors")),
            Files.readAllBytes(mirrored.resolve("model.safetensors"))));
  }

  /** Each read-out of a fixed network, from the same pre-trained model to its report. */
  @ParameterizedTest
  @CsvSource({"ridge, 0", "ridge, 0.5", "centroids, 0", "knn, 0.5"})
  void readOutsInClosedForm(String readOut, String whitening) throws IOException {
    Path folder = dir.resolve(readOut + whitening);
    String[] options = {
      "--model", out.resolve("pretrained.safetensors").toString(), "--out", folder.toString()
    };
    String[] how = {"--labels", "100%", "--read-out", readOut, "--self-training", "1"};
    String[] whitened = {"--pool", "1", "--whiten-features", whitening};
    String[] all = Stream.of(options, how, whitened).flatMap(Stream::of).toArray(String[]::new);
    Program run = Program.onFolder(images, "finetune", all).succeeds();
    Results results = results(folder);
    assertTrue(results.testAccuracy() >= 0.8, "" + results.testAccuracy());
    assertEquals(readOut, results.readOut());
    boolean warned = run.err().stream().anyMatch(l -> l.contains("--self-training has no effect"));
    assertEquals(!readOut.equals("ridge"), warned, run.err()::toString);
    String page = Files.readString(folder.resolve("report.html"));
    assertTrue(page.contains("mean over the mirror image, maps averaged to 1x1"), page);
    assertEquals(!whitening.equals("0"), page.contains("whitened with 0.5"));
    assertTrue(page.contains(" --read-out " + readOut), page);
    String model = folder.resolve("model.safetensors").toString();
    Program evaluate = Program.onFolder(images, "evaluate", "--model", model).succeeds();
    String accuracy = "Test accuracy  " + Text.percent(results.testAccuracy()) + " of 6 images";
    assertTrue(evaluate.out().getFirst().startsWith(accuracy), evaluate.out().getFirst());
  }

  @Test
  void evaluateKnowsItsModel() throws IOException {
    String model = out.resolve("model.safetensors").toString();
    Program evaluate = Program.onFolder(images, "evaluate", "--model", model).succeeds();
    String accuracy =
        "Test accuracy  " + Text.percent(results(out).testAccuracy()) + " of 6 images";
    assertTrue(evaluate.out().getFirst().startsWith(accuracy), evaluate.out().getFirst());
  }

  @Test
  void optionsThatDoNotGoTogether() {
    for (String option : List.of("--pool", "--power", "--self-training")) {
      String sentence = run(dir.resolve("no"), option, "-1").fails(2);
      assertTrue(sentence.contains(option + " is -1"), sentence);
    }
  }

  /** The control has the same network and is read out in the same way. */
  @Test
  void suggestsTheSameWithoutPretraining() {
    String command = run(out).succeeds().out().getLast();
    assertTrue(command.contains("--rule softhebb-random "), command);
    assertFalse(command.contains("--read-out "), "it is read out in the same way by default");
    assertTrue(command.contains(" --read-out-epochs 60 "), command);
  }

  /** Without options that say how to learn, photos with few labels get what suits them. */
  @Test
  void photosWithFewLabels() throws IOException {
    Path folder = dir.resolve("photos");
    String[] how = {"--labels", "100%", "--epochs", "1", "--out", folder.toString()};
    Program run = Program.onFolder(images, "run", how).succeeds();
    String why = "because 20 labels of 2 classes are few (under 50 a class)";
    assertTrue(run.err().stream().anyMatch(line -> line.contains(why)), run.err()::toString);
    assertEquals("ridge", results(folder).readOut());
    assertEquals("softhebb", results(folder).rule());
    String printed = String.join("\n", run.out());
    assertTrue(printed.contains("Ridge regression "), printed);
    String again = run.out().getLast();
    assertTrue(again.contains("--rule softhebb-random ") && again.contains("ridge"), again);

    String[] chosen = {"--rule", "none", "--labels", "100%", "--fine-tune-epochs", "1", "--out"};
    Path other = dir.resolve("chosen");
    String[] all =
        Stream.concat(Stream.of(chosen), Stream.of(other.toString())).toArray(String[]::new);
    Program own = Program.onFolder(images, "run", all).succeeds();
    assertEquals("finetune", results(other).readOut());
    assertTrue(
        own.err().stream().anyMatch(line -> line.endsWith("--read-out ridge may give more")),
        own.err()::toString);
  }
}
