package org.fasthebb.models.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records in JSON files: what was written comes back, and what was changed is refused. */
class JsonTest {
  @TempDir Path directory;

  /** A record like those of results. */
  private record Outcome(String name, Double share, List<Double> values, int testImages) {
    Outcome {
      Objects.requireNonNull(values, "values are missing");
    }
  }

  private static final Outcome OUTCOME =
      new Outcome("größer <\"1\">", null, List.of(0.1, -0.0, 1e-300), 17);

  private Path file() {
    return directory.resolve("outcome.json");
  }

  private String refused() {
    String message =
        assertThrows(CheckpointException.class, () -> Json.read(file(), Outcome.class, "do that"))
            .getMessage();
    assertTrue(message.contains(file().toString()), message);
    assertTrue(message.endsWith("; do that"), message);
    return message;
  }

  @Test
  void roundTrip() throws IOException {
    Json.write(file(), OUTCOME);
    assertEquals(OUTCOME, Json.read(file(), Outcome.class));
    String text = Files.readString(file());
    assertTrue(text.contains("\"test_images\": 17"), text);
    Files.writeString(file(), text.replaceAll("\\s+\"", "\"") + "\n");
    assertEquals(OUTCOME, Json.read(file(), Outcome.class), "white space does not count");
  }

  @Test
  void everyChangedDigitIsNoticed() throws IOException {
    Json.write(file(), OUTCOME);
    String text = Files.readString(file());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        char other = (char) ('0' + (c - '0' + 1) % 10);
        String changed = text.substring(0, i) + other + text.substring(i + 1);
        if (!changed.contains("\"sha256\"")) {
          continue; // without its name there is no checksum, as in version 0.1
        }
        Files.writeString(file(), changed);
        assertTrue(refused().contains("does not match its checksum"), changed);
      }
    }
  }

  @Test
  void filesOfVersion1HaveNoChecksum() throws IOException {
    Files.writeString(file(), "{\"name\": \"a\", \"values\": [1], \"test_images\": 2}");
    assertEquals(new Outcome("a", null, List.of(1.0), 2), Json.read(file(), Outcome.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "null",
        "[]",
        "7",
        "{\"values\": [1], \"test_images\": 2x}",
        "{\"values\": [1, 0.x5], \"test_images\": 2}",
        "{\"values\": [1, \"a\"], \"test_images\": 2}",
        "{\"values\": 1}",
        "{\"values\": [1], \"test_images\": 9999999999}",
        "{\"values\": [1], \"sha256\": [1]}"
      })
  void damagedFiles(String text) throws IOException {
    Files.writeString(file(), text);
    String message = refused();
    assertTrue(!message.contains("null"), message);
    assertTrue(!message.contains("http") && message.lines().count() == 1, message);
  }

  @Test
  void missingFiles() {
    assertTrue(refused().contains("(there is no such file)"), "it says what is wrong");
  }

  @Test
  void texts() {
    List<String> names = List.of("a\nb", "c, d", "\"", "", "ü");
    assertEquals(names, Json.texts(Json.line(names)));
    for (String wrong : List.of("", "{", "{}", "[1, null]", "[[1]]", "a")) {
      assertThrows(IllegalArgumentException.class, () -> Json.texts(wrong), wrong);
    }
  }
}
