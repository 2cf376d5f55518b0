package org.fasthebb.models.inputs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of features has the right values for each image, whatever the file contained before. */
class FeatureFileTest {
  private static final Backend CPU = Backend.cpu(3);
  private static final int IMAGES = 150; // three blocks, the last of which is not full
  private static final int WIDTH = 7;

  @TempDir Path dir;
  private final ImageSet set = noise();
  private final Preprocessing pixels =
      new Preprocessing(CPU, new ChannelStats(new double[1], new double[] {1}), null);

  private static ImageSet noise() {
    byte[] bytes = new byte[IMAGES * WIDTH];
    new Random(1).nextBytes(bytes);
    return new ImageSet(1, WIDTH, 1, List.of("noise"), bytes, new int[IMAGES]);
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  private Path file() {
    return dir.resolve("features");
  }

  private FeatureFile open(String identity) throws CheckpointException {
    return new FeatureFile(pixels, Examples.all(set), WIDTH, file(), identity);
  }

  /** Completes the file with pixels times a factor, and returns the number of rows computed. */
  private int complete(FeatureFile features, float factor) throws CheckpointException {
    return features.complete(x -> x.reshape(x.size(0), WIDTH).times(factor), Progress.SILENT);
  }

  private void assertHolds(FeatureFile features, float factor) {
    int[] some = {149, 0, 64, 63, 64};
    Tensor expected = pixels.batch(set, some).reshape(some.length, WIDTH).times(factor);
    assertArrayEquals(expected.toArray(), features.batch(set, some).toArray());
  }

  @Test
  void rowsInAnyOrder() throws CheckpointException {
    try (FeatureFile features = open("first")) {
      assertEquals(IMAGES, complete(features, 2));
      assertHolds(features, 2);
      assertArrayEquals(new int[] {3, WIDTH}, features.shape(set, 3));
    }
  }

  @Test
  void completeFilesAreKept() throws IOException {
    try (FeatureFile features = open("first")) {
      complete(features, 2);
    }
    byte[] before = Files.readAllBytes(file());
    try (FeatureFile features = open("first")) {
      assertEquals(0, complete(features, 3));
      assertHolds(features, 2);
    }
    assertArrayEquals(before, Files.readAllBytes(file()));
  }

  @Test
  void fileOfAKilledRunIsCompleted() throws IOException {
    try (FeatureFile features = open("first")) {
      complete(features, 2);
    }
    byte[] before = Files.readAllBytes(file());
    int header = before.length - IMAGES * WIDTH * Float.BYTES;
    for (int length : new int[] {0, 3, header, header + 70 * WIDTH * Float.BYTES + 5}) {
      try (RandomAccessFile cut = new RandomAccessFile(file().toFile(), "rw")) {
        cut.setLength(length);
      }
      try (FeatureFile features = open("first")) {
        assertEquals(length < header + 64 ? IMAGES : IMAGES - 64, complete(features, 2));
      }
      assertArrayEquals(before, Files.readAllBytes(file()));
    }
  }

  /** Overwrites bytes of the file and counts the rows that are computed again. */
  private int computedAfter(long position, byte... bytes) throws IOException {
    byte[] before = Files.readAllBytes(file());
    try (RandomAccessFile damage = new RandomAccessFile(file().toFile(), "rw")) {
      damage.seek(position);
      damage.write(bytes);
    }
    try (FeatureFile features = open("first")) {
      int computed = complete(features, 2);
      assertHolds(features, 2);
      assertArrayEquals(before, Files.readAllBytes(file()));
      return computed;
    }
  }

  @Test
  void damagedBlocksAreComputedAgain() throws IOException {
    try (FeatureFile features = open("first")) {
      complete(features, 2);
    }
    byte[] whole = Files.readAllBytes(file());
    int header = "first\n".length();
    int block = 64 * WIDTH * Float.BYTES + Integer.BYTES;
    assertEquals(64, computedAfter(header, (byte) (whole[header] ^ 1)), "a bit of the first");
    int middle = header + block + 77;
    assertEquals(64, computedAfter(middle, (byte) (whole[middle] ^ 64)), "a bit of the second");
    assertEquals(64, computedAfter(header + block, new byte[block]), "zeros, as after power loss");
    byte[] first = Arrays.copyOfRange(whole, header, header + block);
    assertEquals(64, computedAfter(header + block, first), "a copy of another block");
    int last = whole.length - 1;
    assertEquals(22, computedAfter(last, (byte) (whole[last] ^ 1)), "a bit of the last checksum");
    assertEquals(0, computedAfter(last, whole[last]));
  }

  @Test
  void valuesThatAreNotFiniteAreNeitherKeptNorWritten() throws IOException {
    try (FeatureFile features = open("first")) {
      String message =
          assertThrows(CheckpointException.class, () -> complete(features, Float.NaN)).getMessage();
      assertTrue(message.contains("features of images 0 to 63 are not finite"), message);
    }
    CRC32C checksum = new CRC32C(); // of a block whose first feature is NaN, and that says so
    ByteBuffer block = ByteBuffer.allocate(64 * WIDTH * Float.BYTES + Integer.BYTES);
    block.order(ByteOrder.LITTLE_ENDIAN).putFloat(Float.NaN);
    checksum.update(new byte[Integer.BYTES]); // its first row
    checksum.update(block.array(), 0, block.capacity() - Integer.BYTES);
    block.putInt(block.capacity() - Integer.BYTES, (int) checksum.getValue());
    try (FeatureFile features = open("first")) {
      complete(features, 2);
    }
    assertEquals(64, computedAfter("first\n".length(), block.array()));
    block.putFloat(0, 1); // so that this test would notice if the checksum above were wrong
    checksum.reset();
    checksum.update(new byte[Integer.BYTES]);
    checksum.update(block.array(), 0, block.capacity() - Integer.BYTES);
    block.putInt(block.capacity() - Integer.BYTES, (int) checksum.getValue());
    try (RandomAccessFile other = new RandomAccessFile(file().toFile(), "rw")) {
      other.seek("first\n".length());
      other.write(block.array());
    }
    try (FeatureFile features = open("first")) {
      assertEquals(0, complete(features, 2), "finite, and the checksum fits");
    }
  }

  @Test
  void filesOfOtherFeaturesAreOverwritten() throws CheckpointException {
    try (FeatureFile features = open("a first one with a long name")) {
      complete(features, 2);
    }
    try (FeatureFile features = open("second")) {
      assertEquals(IMAGES, complete(features, 3));
      assertHolds(features, 3);
    }
  }

  @Test
  void aFileCutShort() throws IOException {
    try (FeatureFile features = open("first")) {
      complete(features, 2);
      try (RandomAccessFile cut = new RandomAccessFile(file().toFile(), "rw")) {
        cut.setLength(100);
      }
      String message =
          assertThrows(IllegalStateException.class, () -> features.batch(set, 1, 2, 149))
              .getMessage();
      assertTrue(message.contains("features was cut short"), message);
    }
  }

  @Test
  void aMissingFolderIsRefused() {
    Path file = dir.resolve("none/features");
    String message =
        assertThrows(
                CheckpointException.class,
                () -> new FeatureFile(pixels, Examples.all(set), WIDTH, file, "first"))
            .getMessage();
    assertTrue(message.contains("cannot write " + file), message);
  }

  @Test
  void onlyTheExamplesHaveRows() throws CheckpointException {
    int[] some = {149, 3, 70};
    try (FeatureFile features =
        new FeatureFile(pixels, new Examples(set, some), WIDTH, file(), "some")) {
      assertEquals(3, complete(features, 2));
      int[] asked = {70, 149};
      Tensor expected = pixels.batch(set, asked).reshape(2, WIDTH).times(2);
      assertArrayEquals(expected.toArray(), features.batch(set, asked).toArray());
    }
    assertEquals("some\n".length() + FeatureFile.bytes(3, WIDTH), file().toFile().length());
  }

  @Test
  void blocksAreComputedWhenTheirImagesAreNeeded() throws IOException {
    try (FeatureFile whole = open("first")) {
      complete(whole, 2);
    }
    byte[] before = Files.readAllBytes(file());
    Files.delete(file());
    try (FeatureFile features = open("first")) {
      assertEquals(IMAGES - 128, completeSome(features, 2, 149));
      assertEquals(64, completeSome(features, 2, 140, 3));
      assertEquals(0, completeSome(features, 3, 0, 63, 128));
      int[] some = {2, 141};
      Tensor expected = pixels.batch(set, some).reshape(some.length, WIDTH).times(2);
      assertArrayEquals(expected.toArray(), features.batch(set, some).toArray());
      assertEquals(64, complete(features, 2));
    }
    assertArrayEquals(before, Files.readAllBytes(file()));
  }

  private int completeSome(FeatureFile features, float factor, int... images)
      throws CheckpointException {
    return features.complete(
        images, x -> x.reshape(x.size(0), WIDTH).times(factor), Progress.SILENT);
  }
}
