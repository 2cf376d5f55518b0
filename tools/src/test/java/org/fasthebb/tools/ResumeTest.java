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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed again and again ends with the same model as one that is left alone. */
class ResumeTest {
  @TempDir Path dir;

  private List<String> arguments(String out) {
    return List.of(
        "run",
        "--data",
        "folder",
        "--data-dir",
        dir.resolve("images").toString(),
        "--labels",
        "50%",
        "--epochs",
        "2",
        "--fine-tune-epochs",
        "2",
        "--batch",
        "8",
        "--threads",
        "2",
        "--out",
        dir.resolve(out).toString());
  }

  @Test
  void afterKills() throws IOException, InterruptedException {
    TinyImages.write(dir.resolve("images"), 20, 3);
    Program.run(arguments("calm").toArray(String[]::new)).succeeds();
    Path out = dir.resolve("killed");
    int killed = 0;
    for (String moment :
        List.of(
            "pretrain.state", "pretrained.safetensors", "finetune.state", "model.safetensors")) {
      killed += killAt(out.resolve(moment)) ? 1 : 0;
    }
    assertTrue(killed >= 2, "only " + killed + " runs were caught before their end");
    Process last = start();
    assertTrue(last.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, last.exitValue());
    for (String name : List.of("pretrained.safetensors", "model.safetensors")) {
      assertArrayEquals(
          Files.readAllBytes(dir.resolve("calm").resolve(name)),
          Files.readAllBytes(out.resolve(name)),
          name);
    }
    try (var left = Files.list(out)) {
      assertEquals(6, left.count(), "nothing of the killed runs is left");
    }
  }

  /** Starts a run and kills it as soon as a file is there; false if it ended before. */
  private boolean killAt(Path file) throws IOException, InterruptedException {
    Process process = start();
    while (process.isAlive() && !Files.exists(file)) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    process.waitFor(40, TimeUnit.MILLISECONDS); // into the middle of something
    process.destroyForcibly();
    return process.waitFor() != 0;
  }

  private Process start() throws IOException {
    return ChildProgram.start(0, Redirect.DISCARD, arguments("killed"));
  }
}
