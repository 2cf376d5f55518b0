package org.fasthebb.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fasthebb.engine.SplitMix64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar100Test {
  private static final int RECORD = 3074;
  private static final CifarFiles FILES = Cifar100.FILES.withRecords(4, 2);

  @TempDir Path parent;
  private Path dir;

  @BeforeEach
  void writeFiles() throws IOException {
    dir = Files.createDirectory(parent.resolve("cifar-100-binary"));
    Files.write(dir.resolve("train.bin"), records(4, 96));
    Files.write(dir.resolve("test.bin"), records(2, 7));
    Files.writeString(
        dir.resolve("fine_label_names.txt"),
        IntStream.range(0, 100).mapToObj(i -> "fine" + i).collect(Collectors.joining("\n")));
  }

  @Test
  void readsFineLabelsAndPixels() {
    DataSet data = Cifar100.read(dir, FILES);
    assertEquals("cifar100", data.name());
    assertArrayEquals(new int[] {96, 97, 98, 99}, data.train().labels());
    assertArrayEquals(new int[] {7, 8}, data.test().labels());
    assertEquals(100, data.test().classes());
    assertEquals("fine99", data.test().classNames().getLast());
    byte[] pixels = Images.pixels(data.test());
    assertEquals(2 * 3072, pixels.length);
    for (int p = 0; p < 1024; p++) {
      for (int c = 0; c < 3; c++) {
        assertEquals(pixel(1, c, p), pixels[3072 + 3 * p + c]);
      }
    }
    assertEquals(data.fingerprint(), Cifar100.read(parent, FILES).fingerprint());
  }

  @Test
  void expectsTheOfficialNumbersOfRecords() {
    var error = assertThrows(DataException.class, () -> Cifar100.read(dir));
    assertTrue(
        error.getMessage().contains("should have 153700000 bytes (50000 records of 3074)"),
        error.getMessage());
  }

  @Test
  void refusesMissingAndShortFiles() throws IOException {
    Path file = dir.resolve("test.bin");
    Files.write(file, Arrays.copyOf(records(2, 7), 2 * RECORD - 1));
    assertRefused(
        file
            + " should have 6148 bytes (2 records of 3074) but has 6147; extract it from the"
            + " archive again.");
    Files.delete(file);
    assertRefused(
        file
            + " is missing; expected train.bin and test.bin of the CIFAR-100 binary version there,"
            + " or in a folder cifar-100-binary.");
  }

  @Test
  void refusesLabelsOutOfRange() throws IOException {
    Path file = dir.resolve("train.bin");
    byte[] bytes = records(4, 0);
    bytes[RECORD] = 20;
    Files.write(file, bytes);
    assertRefused(
        file
            + " has label 20 in record 1 (counted from 0), but CIFAR-100's coarse labels are 0..19;"
            + " use the CIFAR-100 binary version.");
    bytes[RECORD] = 19;
    bytes[1] = 100;
    Files.write(file, bytes);
    assertRefused(
        file
            + " has label 100 in record 0 (counted from 0), but CIFAR-100's fine labels are 0..99;"
            + " use the CIFAR-100 binary version.");
  }

  @Test
  void refusesOtherNumbersOfClassNames() throws IOException {
    Path file = dir.resolve("fine_label_names.txt");
    Files.writeString(file, "a\nb\n");
    assertRefused(
        file + " should name 100 classes but names 2; extract it from the archive again.");
    Files.writeString(file, "\n");
    assertRefused(file + " is empty; extract it from the archive again.");
    Files.delete(file);
    assertRefused(
        file
            + " is missing; expected train.bin and test.bin of the CIFAR-100 binary version there,"
            + " or in a folder cifar-100-binary.");
  }

  private void assertRefused(String message) {
    var error = assertThrows(DataException.class, () -> Cifar100.read(dir, FILES));
    assertEquals(message, error.getMessage());
  }

  /** Records whose fine labels count up from {@code firstLabel}. */
  private static byte[] records(int count, int firstLabel) {
    byte[] bytes = new byte[count * RECORD];
    for (int r = 0; r < count; r++) {
      bytes[r * RECORD] = (byte) (r % 20);
      bytes[r * RECORD + 1] = (byte) (firstLabel + r);
      for (int c = 0; c < 3; c++) {
        for (int p = 0; p < 1024; p++) {
          bytes[r * RECORD + 2 + c * 1024 + p] = pixel(r, c, p);
        }
      }
    }
    return bytes;
  }

  private static byte pixel(int record, int channel, int p) {
    return (byte) SplitMix64.bits(10 * record + channel, p);
  }
}
