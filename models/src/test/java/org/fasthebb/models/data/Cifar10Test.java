package org.fasthebb.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.fasthebb.engine.SplitMix64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {
  private static final int RECORDS = 3;
  private static final int RECORD = 3073;
  private static final CifarFiles FILES = Cifar10.FILES.withRecords(RECORDS, RECORDS);

  @TempDir Path parent;
  private Path dir;

  @BeforeEach
  void writeFiles() throws IOException {
    dir = Files.createDirectory(parent.resolve("cifar-10-batches-bin"));
    for (int f = 1; f <= 5; f++) {
      Files.write(dir.resolve("data_batch_" + f + ".bin"), records(f));
    }
    Files.write(dir.resolve("test_batch.bin"), records(6));
  }

  @Test
  void readsFilesInOrder() {
    DataSet data = Cifar10.read(dir, FILES);
    assertEquals("cifar10", data.name());
    assertEquals(5 * RECORDS, data.train().size());
    assertEquals(RECORDS, data.test().size());
    assertEquals(32, data.train().height());
    assertEquals(32, data.train().width());
    assertEquals(3, data.train().channels());
    assertArrayEquals(
        new int[] {1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6, 5, 6, 7}, data.train().labels());
    assertArrayEquals(new int[] {6, 7, 8}, data.test().labels());
  }

  @Test
  void turnsPlanesIntoChannelsLast() {
    ImageSource test = Cifar10.read(dir, FILES).test();
    byte[] pixels = Images.pixels(test);
    for (int r = 0; r < RECORDS; r++) {
      for (int p = 0; p < 1024; p++) {
        for (int c = 0; c < 3; c++) {
          assertEquals(pixel(6, r, c, p), pixels[(r * 1024 + p) * 3 + c]);
        }
      }
    }
  }

  @Test
  void findsTheFolderInItsParent() {
    assertEquals(Cifar10.read(dir, FILES).fingerprint(), Cifar10.read(parent, FILES).fingerprint());
  }

  @Test
  void namesClassesFromMetaFileOrByStandard() throws IOException {
    assertEquals("airplane", Cifar10.read(dir, FILES).test().classNames().getFirst());
    Files.writeString(dir.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    assertEquals("j", Cifar10.read(dir, FILES).test().classNames().getLast());
  }

  @Test
  void refusesMetaFileOfOtherClasses() throws IOException {
    Path meta = Files.writeString(dir.resolve("batches.meta.txt"), "a\nb\n");
    assertRefused(meta + " should name 10 classes but names 2; extract it from the archive again.");
  }

  @Test
  void namesTheMissingFile() throws IOException {
    Path file = dir.resolve("data_batch_4.bin");
    Files.delete(file);
    assertRefused(
        file
            + " is missing; expected data_batch_1.bin to data_batch_5.bin and test_batch.bin of the"
            + " CIFAR-10 binary version there, or in a folder cifar-10-batches-bin.");
  }

  @Test
  void refusesTruncatedAndOverlongFiles() throws IOException {
    Path file = dir.resolve("test_batch.bin");
    Files.write(file, Arrays.copyOf(records(6), RECORDS * RECORD - 1));
    assertRefused(
        file
            + " should have 9219 bytes (3 records of 3073) but has 9218;"
            + " extract it from the archive again.");
    Files.write(file, Arrays.copyOf(records(6), RECORDS * RECORD + 1));
    assertRefused(
        file
            + " should have 9219 bytes (3 records of 3073) but has 9220;"
            + " extract it from the archive again.");
  }

  @Test
  void expectsTenThousandRecordsPerOfficialFile() {
    var error = assertThrows(DataException.class, () -> Cifar10.read(dir));
    assertTrue(error.getMessage().contains("should have 30730000 bytes"), error.getMessage());
  }

  @Test
  void refusesLabelAboveNine() throws IOException {
    Path file = dir.resolve("data_batch_2.bin");
    byte[] bytes = records(2);
    bytes[2 * RECORD] = (byte) 200;
    Files.write(file, bytes);
    assertRefused(
        file
            + " has label 200 in record 2 (counted from 0), but CIFAR-10 labels are 0..9; use the"
            + " CIFAR-10 binary version.");
  }

  private void assertRefused(String message) {
    var error = assertThrows(DataException.class, () -> Cifar10.read(dir, FILES));
    assertEquals(message, error.getMessage());
  }

  private static byte[] records(int file) {
    byte[] bytes = new byte[RECORDS * RECORD];
    for (int r = 0; r < RECORDS; r++) {
      bytes[r * RECORD] = (byte) (file + r);
      for (int c = 0; c < 3; c++) {
        for (int p = 0; p < 1024; p++) {
          bytes[r * RECORD + 1 + c * 1024 + p] = pixel(file, r, c, p);
        }
      }
    }
    return bytes;
  }

  private static byte pixel(int file, int record, int channel, int p) {
    return (byte) SplitMix64.bits(1000 * file + 10 * record + channel, p);
  }
}
