package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.History;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed again and again ends with the same model as one that is not killed. */
class ResumeTest {
  @TempDir Path dir;

  private List<String> arguments(String command, String out) {
    Stream<String> data =
        Stream.of("--data", "folder", "--data-dir", dir.resolve("images").toString());
    Stream<String> how = Stream.of("--threads", "2", "--out", dir.resolve(out).toString());
    return Stream.of(Stream.of(command.split(" ")), data, how).flatMap(words -> words).toList();
  }

  @Test
  void run() throws IOException, InterruptedException {
    afterKills(
        "run --labels 50% --epochs 2 --fine-tune-epochs 2 --batch 10",
        List.of("pretrain.state", "finetune.state", "model.safetensors"), 8);
  }

  @Test
  @Tag("long") // ExperimentTest interrupts it without processes
  void softHebb() throws IOException, InterruptedException {
    afterKills(
        "run --rule softhebb --labels 50% --epochs 2 --read-out-epochs 4",
        List.of("pretrain.state", "pretrained.safetensors", "features.part", "read-out.state"), 8);
  }

  /**
   * Kills a command at some moments.
   *
   * @param moments files in the output folder; the program is killed when one of them appears
   * @param files number of files in the end
   */
  private void afterKills(String command, List<String> moments, int files)
      throws IOException, InterruptedException {
    TinyImages.write(dir.resolve("images"), 12, 3);
    Program.run(arguments(command, "calm").toArray(String[]::new)).succeeds();
    Path out = dir.resolve("killed");
    int killed = 0;
    for (String moment : moments) {
      killed += killAt(command, out.resolve(moment)) ? 1 : 0;
    }
    assertTrue(killed >= 2, "only " + killed + " runs were caught before their end");
    Process last = start(command);
    assertTrue(last.waitFor(5, TimeUnit.MINUTES), "it hangs");
    assertEquals(0, last.exitValue());
    assertSame("pretrained.safetensors");
    assertSame("model.safetensors");
    assertSame("predictions.csv");
    assertEquals(losses("calm"), losses("killed"));
    try (var left = Files.list(out)) {
      assertEquals(files, left.count(), "nothing of the killed runs is left");
    }
  }

  private List<Double> losses(String out) throws IOException {
    return Json.read(dir.resolve(out).resolve("model.json"), History.class).losses();
  }

  private void assertSame(String name) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(dir.resolve("calm").resolve(name)),
        Files.readAllBytes(dir.resolve("killed").resolve(name)),
        name);
  }

  /** Starts a run and kills it as soon as a file exists; returns false if the run ended before. */
  private boolean killAt(String command, Path file) throws IOException, InterruptedException {
    Process process = start(command);
    while (process.isAlive() && !Files.exists(file)) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    process.waitFor(40, TimeUnit.MILLISECONDS); // so that the kill is in the middle of some work
    process.destroyForcibly();
    return process.waitFor() != 0;
  }

  private Process start(String command) throws IOException {
    return ChildProgram.start(Redirect.DISCARD, arguments(command + " --save-every 0", "killed"));
  }
}
