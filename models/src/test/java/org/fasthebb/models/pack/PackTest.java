package org.fasthebb.models.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.data.Subset;
import org.fasthebb.testing.Allocations;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from a pack is what was packed. */
class PackTest {
  @TempDir Path dir;

  private Path pack(DataSet data, PackFormat format) throws IOException {
    Path file = dir.resolve("x.pack");
    assertTrue(PackedSamples.write(data, format, file, PackedSamples.SILENT));
    return file;
  }

  private static void assertSameImages(ImageSource expected, ImageSource found) {
    assertEquals(expected.classNames(), found.classNames());
    assertArrayEquals(expected.labels(), found.labels());
    List<byte[]> before = PackedSamples.pixels(expected);
    List<byte[]> after = PackedSamples.pixels(found);
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(before.get(i), after.get(i), "image " + i);
      assertEquals(expected.nameOf(i), found.nameOf(i));
    }
  }

  @Test
  void holdsTheSameImagesInTheSameOrder() throws IOException {
    DataSet data = PackedSamples.of(101, 33);
    try (DataSet packed = Pack.open(pack(data, PackFormat.RAW))) {
      assertEquals("made-up", packed.name());
      assertSameImages(data.train(), packed.train());
      assertSameImages(data.test(), packed.test());
      assertEquals(data.fingerprint(), packed.fingerprint());
      assertTrue(packed.train().isSlow());
      assertThrows(IndexOutOfBoundsException.class, () -> packed.train().label(101));
      assertThrows(IndexOutOfBoundsException.class, () -> packed.train().read(-1, new byte[48], 0));
    }
    assertEquals(
        Set.of(
            "x.pack",
            "x.pack.train.index",
            "x.pack.train.000", // 9 blocks of 240 bytes
            "x.pack.train.001",
            "x.pack.train.002",
            "x.pack.test.index",
            "x.pack.test.000"),
        PackedSamples.contents(dir).keySet());
    assertEquals(45 * 48, Files.size(dir.resolve("x.pack.train.000")));
    assertEquals((101 - 90) * 48, Files.size(dir.resolve("x.pack.train.002")));
  }

  @Test
  void imagesInMemoryArePackedToo() throws IOException {
    DataSet data = Shapes.generate(20, 7, 3);
    try (DataSet packed = Pack.open(pack(data, PackFormat.RAW))) {
      assertSameImages(data.train(), packed.train());
      assertSameImages(data.test(), packed.test());
      assertEquals(data.fingerprint(), packed.fingerprint());
    }
  }

  @Test
  void aPartMayBeEmpty() throws IOException {
    DataSet data = PackedSamples.of(3, 0);
    try (DataSet packed = Pack.open(pack(data, PackFormat.RAW))) {
      assertEquals(0, packed.test().size());
      assertEquals(data.fingerprint(), packed.fingerprint());
    }
  }

  @Test
  void nothingCanBeReadOnceItIsClosed() throws IOException {
    DataSet packed = Pack.open(pack(PackedSamples.of(3, 1), PackFormat.RAW));
    packed.close();
    assertThrows(IllegalStateException.class, () -> packed.train().read(0, new byte[48], 0));
  }

  @Test
  void notesTheHashOfEachFile() throws IOException, NoSuchAlgorithmException {
    Path file = pack(PackedSamples.of(101, 3), PackFormat.RAW);
    PackHeader header = PackHeader.read(file);
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    try (PackedImages train = new PackedImages(new PackFiles(file), PackFiles.TRAIN, header)) {
      for (int i = 0; i < 101; i++) {
        String expected = HexFormat.of().formatHex(sha.digest(new byte[] {(byte) i, 7}));
        assertEquals(expected, train.sourceHash(i));
      }
    }
  }

  /** The records are in the order that any first part of them is a fair sample of the classes. */
  @Test
  void theStoredOrderMixesTheClasses() throws IOException {
    DataSet data = PackedSamples.of(900, 1, 1);
    pack(data, PackFormat.RAW);
    int[] counts = new int[3];
    byte[] shard = Files.readAllBytes(dir.resolve("x.pack.train.000"));
    List<byte[]> images = PackedSamples.pixels(data.train());
    int[] order = PackWriter.order(PackFiles.TRAIN, 900);
    for (int record = 0; record < 300; record++) {
      byte[] image = images.get(order[record]);
      assertArrayEquals(
          new byte[] {image[2], image[3], image[4]},
          new byte[] {shard[3 * record], shard[3 * record + 1], shard[3 * record + 2]});
      counts[data.train().label(order[record])]++;
    }
    for (int count : counts) {
      assertEquals(100, count, 35); // over five standard deviations
    }
  }

  @Test
  void jpegIsSmallerLossyAndSaysSo() throws IOException {
    DataSet data = PackedSamples.of(20, 5, 64);
    Path file = pack(data, PackFormat.JPEG);
    PackHeader header = PackHeader.read(file);
    assertTrue(header.lossy());
    assertEquals(PackFormat.QUALITY, header.quality());
    assertTrue(Files.readString(file).contains("\"lossy\": true"));
    assertTrue(header.train().shardBytes().stream().mapToLong(b -> b).sum() < 20 * 64 * 64);
    assertEquals(List.of(), Pack.problems(file, _ -> {}));
    try (DataSet packed = Pack.open(file)) {
      assertNotEquals(data.fingerprint(), packed.fingerprint());
      List<byte[]> before = PackedSamples.pixels(data.train());
      List<byte[]> after = PackedSamples.pixels(packed.train());
      double squares = 0;
      for (int i = 0; i < 20; i++) {
        for (int at = 2; at < before.get(i).length; at++) {
          double error = (before.get(i)[at] & 255) - (after.get(i)[at] & 255);
          squares += error * error;
        }
      }
      assertEquals(0, Math.sqrt(squares / 20 / (64 * 64 * 3)), 2, "rms");
    }
  }

  @Test
  void jpegNeedsThreeChannels() {
    ImageSet grey = new ImageSet(2, 2, 1, List.of("a"), new byte[4], new int[1]);
    DataSet data = new DataSet("grey", grey, grey);
    var error =
        assertThrows(RuntimeException.class, () -> pack(data, PackFormat.JPEG)).getMessage();
    assertTrue(error.contains("--format raw"), error);
  }

  /** Opening allocates nothing per image; the index of ImageNet would be hundreds of megabytes. */
  @Test
  void openingTakesNoHeapPerImage() throws IOException, ReflectiveOperationException {
    DataSet data = PackedSamples.of(60_000, 1, 1);
    Path file = dir.resolve("x.pack");
    new PackWriter(data, PackFormat.RAW, file, PackedSamples.SILENT).write();
    Pack.open(file).close(); // loads classes
    long before = Allocations.ofThisThread();
    try (DataSet packed = Pack.open(file)) {
      long allocated = Allocations.ofThisThread() - before;
      assertTrue(allocated < 1_000_000, allocated + " bytes");
      assertFalse(packed.fingerprint().isEmpty());
    }
  }

  /** As many images as ImageNet has: what a run waits for before its first step. */
  @Test
  @Tag("long")
  void imageNetOpensAtOnce() throws IOException, ReflectiveOperationException {
    DataSet data = PackedSamples.of(1_281_167, 50_000, 8);
    Path file = dir.resolve("x.pack");
    new PackWriter(data, PackFormat.RAW, file, PackedSamples.SILENT).write();
    long start = System.nanoTime();
    long before = Allocations.ofThisThread();
    try (DataSet packed = Pack.open(file)) {
      long allocated = Allocations.ofThisThread() - before;
      double seconds = (System.nanoTime() - start) * 1e-9;
      assertEquals(1_281_167, packed.train().size());
      assertEquals(64, packed.fingerprint().length());
      assertTrue(allocated < 10_000_000, allocated + " bytes");
      assertTrue(seconds < 3, seconds + " s");
    }
  }

  /** Identified by its files, as data sets that are too large to read whole. */
  private static final class Identified extends Wrapped {
    Identified(ImageSource images) {
      super(images);
    }

    @Override
    public Optional<String> identity(int index) {
      return Optional.of(images.nameOf(index) + "/7");
    }
  }

  @Test
  void keepsTheFingerprintOfImagesThatAreIdentifiedByTheirFiles() throws IOException {
    DataSet pixels = PackedSamples.of(20, 5);
    DataSet data =
        new DataSet("made-up", new Identified(pixels.train()), new Identified(pixels.test()));
    assertNotEquals(pixels.fingerprint(), data.fingerprint());
    try (DataSet packed = Pack.open(pack(data, PackFormat.RAW))) {
      assertEquals(data.fingerprint(), packed.fingerprint());
      assertEquals(data.train().nameOf(7), packed.train().nameOf(7));
      assertEquals(data.train().identity(7), packed.train().identity(7));
      String part = Subset.of(data, 2, 3).fingerprint();
      assertNotEquals(data.fingerprint(), part);
      assertEquals(part, Subset.of(packed, 2, 3).fingerprint());
    }
  }

  @Test
  void theImagesOfALossyPackAreOthers() throws IOException {
    DataSet pixels = PackedSamples.of(20, 5);
    DataSet data =
        new DataSet("made-up", new Identified(pixels.train()), new Identified(pixels.test()));
    try (DataSet packed = Pack.open(pack(data, PackFormat.JPEG))) {
      assertEquals(Optional.empty(), packed.train().identity(7));
      assertNotEquals(data.fingerprint(), packed.fingerprint());
    }
  }
}
