package org.fasthebb.models.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.io.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a pack is found and named. */
class PackDamageTest {
  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void pack() throws IOException {
    file = dir.resolve("x.pack");
    PackedSamples.write(PackedSamples.of(50, 9), PackFormat.RAW, file, PackedSamples.SILENT);
  }

  private List<String> problems() {
    return Pack.problems(file, _ -> {});
  }

  @Test
  void aWholePackHasNoProblem() {
    int[] last = new int[1];
    assertEquals(List.of(), Pack.problems(file, done -> last[0] = done));
    assertEquals(59, last[0]);
  }

  @Test
  void aFlippedBitAnywhereIsFoundAndItsFileNamed() throws IOException {
    Path folder = dir.resolve("small");
    file = folder.resolve("x.pack");
    PackedSamples.write(PackedSamples.of(9, 3, 2), PackFormat.RAW, file, PackedSamples.SILENT);
    for (Map.Entry<String, byte[]> whole : PackedSamples.contents(folder).entrySet()) {
      Path path = folder.resolve(whole.getKey());
      byte[] bytes = whole.getValue();
      for (int at = 0; at < bytes.length; at++) {
        int bit = 1 << at % 8;
        bytes[at] ^= (byte) bit;
        Files.write(path, bytes);
        List<String> problems = problems();
        assertEquals(1, problems.size(), path + " at " + at + ": " + problems);
        assertTrue(problems.getFirst().contains(path.toString()), problems.getFirst());
        bytes[at] ^= (byte) bit;
      }
      Files.write(path, bytes);
    }
    assertEquals(List.of(), problems());
  }

  @Test
  void theDamagedImageIsNamedWhenItIsRead() throws IOException {
    Path shard = dir.resolve("x.pack.train.000");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[2 * 48 + 5]++;
    Files.write(shard, bytes);
    int image = PackWriter.order(PackFiles.TRAIN, 50)[2];
    try (DataSet packed = Pack.open(file)) {
      ImageSource train = packed.train();
      for (int i = 0; i < 50; i++) {
        if (i != image) {
          train.read(i, new byte[48], 0);
        }
      }
      var error = assertThrows(DataException.class, () -> train.read(image, new byte[48], 0));
      assertEquals(
          shard
              + ": the record of "
              + train.nameOf(image)
              + ", at byte 96, does not match its checksum; copy the pack again, or remove it and"
              + " pack the images again.",
          error.getMessage());
      assertEquals(List.of(error.getMessage()), problems());
    }
  }

  private void assertProblem(String expected) {
    assertEquals(List.of(expected), problems());
    assertEquals(expected, assertThrows(DataException.class, () -> Pack.open(file)).getMessage());
  }

  private static final String AGAIN =
      "; copy the pack again, or remove it and pack the images again.";

  @Test
  void aMissingShard() throws IOException {
    Path shard = dir.resolve("x.pack.train.001");
    Files.delete(shard);
    assertProblem(shard + " is missing" + AGAIN);
  }

  @Test
  void aTruncatedShard() throws IOException {
    Path shard = dir.resolve("x.pack.test.000");
    Files.write(shard, new byte[9 * 48 - 1]);
    assertProblem(shard + " has 431 bytes, but 432 were packed" + AGAIN);
  }

  @Test
  void aMissingIndex() throws IOException {
    Path index = dir.resolve("x.pack.test.index");
    Files.delete(index);
    assertProblem(index + " is missing" + AGAIN);
  }

  @Test
  void aShortIndex() throws IOException {
    Path index = dir.resolve("x.pack.train.index");
    Files.write(index, new byte[50 * 64 - 1]);
    assertProblem(index + " cannot be read (it is too short for 50 images)" + AGAIN);
  }

  @Test
  void aPackOfAnotherVersion() throws IOException {
    Json.write(file, Map.of("version", 7, "what", "unknown"));
    assertProblem(
        "cannot read "
            + file
            + " (it is a pack of version 7, but this program reads version 1; pack the images"
            + " again); name the file that 'fasthebb data pack' wrote (--out)");
  }

  @Test
  void aFileOfAnotherKind() throws IOException {
    Json.write(file, List.of("a"));
    assertProblem(
        file + " holds no results; name the file that 'fasthebb data pack' wrote (--out)");
    Files.delete(file);
    assertProblem(
        "cannot read "
            + file
            + " (there is no such file); name the file that 'fasthebb data pack' wrote (--out)");
    Files.createDirectory(file);
    assertProblem(file + " is a folder; name the file that 'fasthebb data pack' wrote (--out).");
  }
}
