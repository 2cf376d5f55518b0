package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.models.io.Json;
import org.fasthebb.tools.command.SoftHebbCommand.Results;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SoftHebb's network on a few images, from the command line. */
class SoftHebbCommandTest {
  @TempDir static Path dir;
  private static String images;
  private static Path out;
  private static Program first;

  @BeforeAll
  static void runOnce() throws IOException {
    images = TinyImages.write(dir.resolve("images"), 20, 5).toString();
    out = dir.resolve("out");
    first = run("--json");
  }

  private static Program run(String... more) {
    Stream<String> all =
        Stream.concat(
            Stream.of("--read-out-epochs", "60", "--threads", "2", "--out", out.toString()),
            Stream.of(more));
    return Program.onFolder(images, "softhebb", all.toArray(String[]::new)).succeeds();
  }

  private static Results results() throws IOException {
    return Json.read(out.resolve("results.json"), Results.class);
  }

  @Test
  void learnsWhatIsEasy() throws IOException {
    Results results = results();
    assertTrue(results.testAccuracy() >= 0.9, "" + results.testAccuracy());
    assertEquals(60, results.readOutLoss().size());
    assertEquals(1, results.epochs());
    assertEquals(40, results.trainingImages());
    assertEquals(10, results.testImages());
    assertTrue(results.unsupervisedSeconds() > 0 && results.readOutSeconds() > 0);
  }

  @Test
  void onStandardOutputIsOneLineOfJson() throws IOException {
    assertEquals(1, first.out().size());
    Path file = Files.writeString(dir.resolve("line.json"), first.out().getFirst());
    Results line = Json.read(file, Results.class);
    assertTrue(line.featureSeconds() > 0);
    assertTrue(first.out().getFirst().contains("\"test_accuracy\":"));
  }

  @Test
  void progressNamesThePhases() {
    List<String> err = first.err();
    assertTrue(err.contains("unsupervised  epoch 1/1"), err::toString);
    assertTrue(err.stream().anyMatch(line -> line.startsWith("read-out  epoch 60/60")));
  }

  @Test
  void forPeopleAndFromWhatIsThere() {
    Program again = run();
    assertEquals(
        List.of("Test accuracy", "Unsupervised", "Read-out", "Peak memory", ""),
        again.out().stream().limit(5).map(line -> line.split(" {2,}")[0]).toList());
    assertTrue(again.out().get(1).endsWith("1 epoch of 40 images"), again.out().get(1));
    assertEquals(2, again.err().stream().filter(line -> line.startsWith("found ")).count());
  }

  @Test
  void otherSettingsNeedAnotherFolder() {
    String sentence =
        Program.onFolder(images, "softhebb", "--seed", "1", "--out", out.toString()).fails(1);
    assertTrue(sentence.contains("other settings; choose another --out"), sentence);
  }

  @Test
  void mirroredFeatures() throws IOException {
    Path mirrored = dir.resolve("mirrored");
    Program.onFolder(
            images, "softhebb", "--mirror", "--read-out-epochs", "60", "--out", mirrored.toString())
        .succeeds();
    Results results = Json.read(mirrored.resolve("results.json"), Results.class);
    assertTrue(results.mirror());
    assertFalse(results().mirror());
    assertTrue(results.testAccuracy() >= 0.9, "" + results.testAccuracy());
  }

  @Test
  void otherCommandsRefuseItsModel() {
    String model = out.resolve("model.safetensors").toString();
    String sentence = Program.onFolder(images, "evaluate", "--model", model).fails(1);
    assertTrue(sentence.contains("holds a network 'softhebb'"), sentence);
  }
}
