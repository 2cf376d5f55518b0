package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fasthebb.models.io.FolderLock;
import org.fasthebb.models.io.Json;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.report.Results;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program on a few images. */
class RunTest {
  @TempDir static Path dir;

  private static String images;
  private static Path out;
  private static Program first;

  @BeforeAll
  static void runOnce() throws IOException {
    images = TinyImages.write(dir.resolve("images"), 20, 5).toString();
    out = dir.resolve("out");
    first = run(out, "--json");
  }

  private static Program run(Path out, String... more) {
    String[] args = {
      "--labels",
      "50%",
      "--epochs",
      "2",
      "--fine-tune-epochs",
      "2",
      "--batch",
      "16",
      "--threads",
      "2",
      "--out",
      out.toString()
    };
    String[] all = Stream.of(args, more).flatMap(Stream::of).toArray(String[]::new);
    return Program.onFolder(images, "run", all).succeeds();
  }

  private static Set<String> files(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      paths.forEach(path -> names.add(path.getFileName().toString()));
      return names;
    }
  }

  @Test
  void writesItsFilesAndNoOther() throws IOException {
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
        files(out));
  }

  @Test
  void printsTheResultsOnTheLastLine() throws IOException {
    Results results = Json.read(out.resolve("results.json"), Results.class);
    assertEquals(Json.line(results), first.out().getLast());
    assertEquals("hpca", results.rule());
    assertEquals(0.5, results.labels());
    assertEquals(16, results.labelledImages());
    assertEquals(2, results.epochs());
    assertEquals(2, results.fineTuneEpochs());
    assertEquals(2, results.pretrainValidation().size());
    assertEquals(2, results.fineTuneLoss().size());
    assertTrue(results.testAccuracy() >= 0 && results.testAccuracy() <= 1);
    assertTrue(results.pretrainSeconds() > 0 && results.fineTuneSeconds() > 0);
    String json = first.out().getLast();
    for (String name :
        "test_accuracy validation_accuracy rule labels seed pretrain_seconds fine_tune_seconds epochs"
            .split(" ")) {
      assertTrue(json.contains("\"" + name + "\":"), name);
    }
  }

  @Test
  void saysWhichTestImageIsTakenForWhat() throws IOException {
    List<String> rows = Files.readAllLines(out.resolve("predictions.csv"));
    long right = rows.stream().filter(row -> row.contains(",true,")).count();
    long wrong = rows.stream().filter(row -> row.contains(",false,")).count();
    Results results = Json.read(out.resolve("results.json"), Results.class);
    assertEquals(results.testImages().longValue(), right + wrong);
    assertEquals(results.testAccuracy(), (double) right / (right + wrong));
    assertTrue(rows.stream().anyMatch(row -> row.endsWith(",1000.png")), "names of files");
    List<String> matrix = Files.readAllLines(out.resolve("confusion.csv"));
    assertEquals("class,above,left,images,recall", matrix.getFirst());
    String report = Files.readString(out.resolve("report.html"));
    assertTrue(report.contains("What is taken for what") && !report.contains("<script"));
    assertEquals(Math.min(10, wrong), report.split(", taken for ", -1).length - 1);
  }

  @Test
  void showsProgress() {
    assertTrue(
        first.err().stream().anyMatch(line -> line.startsWith("pretrain  epoch 2/2  validation")));
    assertTrue(
        first.err().stream().anyMatch(line -> line.startsWith("finetune  epoch 2/2  validation")));
  }

  @Test
  void secondRunReusesAllResults() throws IOException {
    String before = Files.readString(out.resolve("results.json"));
    Program again = run(out, "--json");
    assertEquals(before, Files.readString(out.resolve("results.json")));
    assertEquals(first.out(), again.out());
    for (String done : List.of("pretrain is", "finetune is", "the test is")) {
      assertEquals(
          1,
          again.err().stream()
              .filter(line -> line.startsWith("found ") && line.endsWith(done + " done already"))
              .count(),
          () -> String.join("\n", again.err()));
    }
    assertTrue(again.err().stream().noneMatch(line -> line.startsWith("testing")));
    assertTrue(again.err().stream().noneMatch(line -> line.contains("epoch 1/2")));
  }

  /** The results that are on disk count only if they are whole, and of the same training. */
  @Test
  void resultsOfAnotherTrainingAreNotBelieved() throws IOException {
    Path other = dir.resolve("other");
    run(other, "--seed", "3");
    Path results = other.resolve("results.json");
    Files.copy(out.resolve("results.json"), results, StandardCopyOption.REPLACE_EXISTING);
    for (int time = 0; time < 2; time++) {
      Program again = run(other, "--seed", "3");
      assertTrue(again.err().stream().anyMatch(line -> line.startsWith("testing")), "time " + time);
      assertEquals(3, Json.read(results, Results.class).seed());
      Files.writeString(results, Files.readString(results).replace("3", "4"));
    }
  }

  @Test
  void otherSettingsAreRefusedInTheSameFolder() {
    Program other =
        Program.onFolder(
            images,
            "run",
            "--rule",
            "hpca",
            "--labels",
            "50%",
            "--seed",
            "7",
            "--out",
            out.toString());
    String sentence = other.fails(1);
    assertTrue(sentence.contains("epochs is 2 there and 4 here"), sentence);
    assertTrue(sentence.contains("seed is 0 there and 7 here"), sentence);
  }

  @Test
  void oneRunAtATimeInAFolder() throws IOException {
    try (FolderLock _ = FolderLock.of(out)) {
      String sentence =
          Program.onFolder(images, "run", "--labels", "50%", "--out", out.toString()).fails(1);
      assertTrue(sentence.contains("another run works in the output folder " + out), sentence);
    }
  }

  @Test
  void separateCommandsGiveTheSameModel() throws IOException {
    Path parts = dir.resolve("parts");
    Program pretrain =
        Program.onFolder(
                images,
                "pretrain",
                "--epochs",
                "2",
                "--batch",
                "16",
                "--threads",
                "1",
                "--out",
                parts.toString())
            .succeeds();
    assertTrue(String.join("\n", pretrain.out()).contains("finetune"));
    assertEquals(
        Set.of("pretrained.safetensors", "pretrained.json", "pretrained.html"), files(parts));
    Program finetune =
        Program.onFolder(
                images,
                "finetune",
                "--model",
                parts.resolve("pretrained.safetensors").toString(),
                "--labels",
                "50%",
                "--fine-tune-epochs",
                "2",
                "--batch",
                "16",
                "--threads",
                "1",
                "--out",
                parts.toString())
            .succeeds();
    assertArrayEquals(
        Files.readAllBytes(out.resolve("model.safetensors")),
        Files.readAllBytes(parts.resolve("model.safetensors")));
    Results results = Json.read(out.resolve("results.json"), Results.class);
    String accuracy = "Test accuracy  " + Text.percent(results.testAccuracy()) + " of 10 images";
    assertTrue(finetune.out().get(1).startsWith(accuracy), finetune.out().get(1));
    Program evaluate =
        Program.onFolder(
                images, "evaluate", "--model", parts.resolve("model.safetensors").toString())
            .succeeds();
    assertTrue(evaluate.out().getFirst().startsWith(accuracy), evaluate.out().getFirst());
  }

  @Test
  void fineTuningKnowsTheRateOfPretraining() throws IOException {
    Path whole = dir.resolve("faster");
    run(whole, "--eta", "0.002", "--dropout", "0.25");
    assertTrue(Files.readString(whole.resolve("report.html")).contains("--eta 0.002"));
    Path tuned = dir.resolve("fasterTuned");
    String[] again = {
      "--model",
      whole.resolve("pretrained.safetensors").toString(),
      "--labels",
      "50%",
      "--fine-tune-epochs",
      "2",
      "--dropout",
      "0.25",
      "--batch",
      "16",
      "--out",
      tuned.toString()
    };
    Program.onFolder(images, "finetune", again).succeeds();
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("model.safetensors")),
        Files.readAllBytes(tuned.resolve("model.safetensors")));
  }

  @Test
  void withoutPretraining() throws IOException {
    Path control = dir.resolve("control");
    Program run = run(control, "--rule", "none");
    assertTrue(String.join("\n", run.out()).contains("none, the control"));
    String report = Files.readString(control.resolve("report.html"));
    for (String part : new String[] {"Control without pre-training (none)", "this is a control"}) {
      assertTrue(report.contains(part), part);
    }
    Results results = Json.read(control.resolve("results.json"), Results.class);
    assertEquals(0, results.epochs());
    assertEquals(0, results.pretrainSeconds());
  }

  @Test
  void noEpochOfARule() throws IOException {
    Path control = dir.resolve("noEpoch");
    String[] words = {
      "--rule", "hpca", "--labels", "50%", "--epochs", "0", "--out", control.toString()
    };
    String printed = String.join("\n", Program.onFolder(images, "run", words).succeeds().out());
    assertTrue(printed.contains("hpca without any epoch, the control"), printed);
    assertTrue(printed.contains("Next, the same with pre-training:"), printed);
    assertTrue(printed.contains("--rule hpca --form fast --epochs 4 "), printed);
    String report = Files.readString(control.resolve("report.html"));
    String title = "ontrol without pre-training (hpca, no epoch) and 50% labels on images</";
    assertTrue(report.contains("<title>FastHebb: C" + title), "title");
    assertTrue(report.contains("<h1>C" + title), "headline");
    assertTrue(report.contains("<b>At random.</b>"), "filters");
    assertFalse(report.contains("fter pre-training."), "filters");
  }

  @Test
  void pretrainingByAnAutoEncoder() throws IOException {
    Path vae = dir.resolve("vae");
    Program run = run(vae, "--rule", "vae");
    assertTrue(String.join("\n", run.out()).contains("vae by the loss authors, 2 epochs"));
    assertTrue(
        run.err().stream()
            .anyMatch(line -> line.startsWith("pretrain  epoch 2/2  validation loss ")));
    Results results = Json.read(vae.resolve("results.json"), Results.class);
    assertEquals("authors", results.vaeLoss());
    assertEquals(2, results.pretrainLoss().size());
    List<Double> losses = results.pretrainValidationLoss();
    int best = losses.get(1) < losses.get(0) ? 2 : 1;
    assertEquals(best, results.pretrainBestEpoch());
    assertNull(results.pretrainValidation());

    Path pretrained = vae.resolve("pretrained.safetensors");
    Program evaluate = Program.onFolder(images, "evaluate", "--model", pretrained.toString());
    assertTrue(evaluate.fails(1).contains("no classifier yet"), evaluate.err().getLast());
    String[] again = {
      "--model",
      pretrained.toString(),
      "--labels",
      "50%",
      "--fine-tune-epochs",
      "2",
      "--batch",
      "16",
      "--out",
      dir.resolve("tuned").toString()
    };
    Program.onFolder(images, "finetune", again).succeeds();
    assertArrayEquals(
        Files.readAllBytes(vae.resolve("model.safetensors")),
        Files.readAllBytes(dir.resolve("tuned").resolve("model.safetensors")));
  }

  @Test
  void reportNeedsNoOtherFile() throws IOException {
    String report = Files.readString(out.resolve("report.html"));
    assertTrue(report.startsWith("<!DOCTYPE html>"));
    for (String part :
        new String[] {
          "<svg", "data:image/png;base64,", ">conv1<", "Fine-tuning, loss", "./fasthebb run"
        }) {
      assertTrue(report.contains(part), part);
    }
    for (String link : new String[] {"http:", "https:", "<script", "<link", "url("}) {
      assertFalse(report.contains(link), link);
    }
  }
}
