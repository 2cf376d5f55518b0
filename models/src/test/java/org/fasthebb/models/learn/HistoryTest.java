package org.fasthebb.models.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fasthebb.models.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  @TempDir Path dir;

  /** Early versions wrote no validation losses; later ones also wrote times of each stage. */
  @Test
  void readsFilesOfOlderVersions() throws IOException {
    Path file = dir.resolve("history.json");
    Files.writeString(
        file,
        """
        {"epochs": 2, "best_epoch": 1, "accuracy": 0.5, "accuracies": [0.5, 0.25],
         "losses": [0, 0], "seconds": 3.5, "stage_seconds": {"conv1": 1.25, "pool1": 0.5}}
        """);
    assertEquals(
        new History(2, 1, 0.5, List.of(0.5, 0.25), List.of(), List.of(0.0, 0.0), 3.5),
        Json.read(file, History.class));
  }
}
