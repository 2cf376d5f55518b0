package org.fasthebb.models.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.FolderLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pack that is interrupted, and what may not be overwritten. */
class PackWriterTest {
  private static final DataSet DATA = PackedSamples.of(101, 33);

  @TempDir Path dir;

  /** Ends the work, as a kill does. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static boolean write(Path folder, PackFormat format, PackWriter.PackProgress progress)
      throws CheckpointException {
    return PackedSamples.write(DATA, format, folder.resolve("x.pack"), progress);
  }

  private static void interrupt(Path folder, PackFormat format, int after) {
    AtomicInteger steps = new AtomicInteger();
    assertThrows(
        Killed.class,
        () ->
            write(
                folder,
                format,
                (_, _, _) -> {
                  if (steps.incrementAndGet() == after) {
                    throw new Killed();
                  }
                }));
  }

  private static void assertSame(Map<String, byte[]> expected, Path folder) throws IOException {
    Map<String, byte[]> found = PackedSamples.contents(folder);
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
  }

  private Map<String, byte[]> calm(PackFormat format) throws IOException {
    Path folder = dir.resolve("calm");
    assertTrue(write(folder, format, PackedSamples.SILENT));
    return PackedSamples.contents(folder);
  }

  /** 21 blocks of training images, 7 of test images, and two steps for the fingerprint. */
  @ParameterizedTest
  @EnumSource(PackFormat.class)
  void anInterruptedPackEndsWithTheSameBytes(PackFormat format) throws IOException {
    Map<String, byte[]> calm = calm(format);
    for (int after = 1; after <= 30; after++) {
      Path folder = dir.resolve("killed" + after);
      interrupt(folder, format, after);
      assertTrue(Files.exists(folder.resolve("x.pack.part")));
      write(folder, format, PackedSamples.SILENT);
      assertSame(calm, folder);
    }
    Path often = dir.resolve("often");
    for (int after = 1; after <= 30; after += 3) {
      interrupt(often, format, after);
    }
    assertTrue(write(often, format, PackedSamples.SILENT));
    assertSame(calm, often);
  }

  @Test
  void finishedBlocksAreKept() throws IOException {
    interrupt(dir, PackFormat.RAW, 15); // blocks of 5
    Path shard = dir.resolve("x.pack.train.001");
    Map<String, byte[]> before = PackedSamples.contents(dir);
    AtomicInteger reads = new AtomicInteger();
    DataSet counted =
        new DataSet("made-up", new Counted(DATA.train(), reads), new Counted(DATA.test(), reads));
    PackedSamples.write(counted, PackFormat.RAW, dir.resolve("x.pack"), PackedSamples.SILENT);
    assertEquals(101 + 33 - 15 * 5, reads.get());
    byte[] after = Files.readAllBytes(shard);
    byte[] start = before.get("x.pack.train.001");
    assertArrayEquals(start, Arrays.copyOf(after, start.length));
  }

  /** A machine that lost power may have lost any part of what was written last. */
  @Test
  void damagedBlocksAreWrittenAgain() throws IOException {
    Map<String, byte[]> calm = calm(PackFormat.RAW);
    Path shard = Path.of("x.pack.train.001");
    for (long cut : new long[] {0, 1, 47, 48, 700}) {
      Path folder = dir.resolve("cut" + cut);
      interrupt(folder, PackFormat.RAW, 14);
      try (var channel = Files.newByteChannel(folder.resolve(shard), StandardOpenOption.WRITE)) {
        channel.truncate(cut);
      }
      assertTrue(write(folder, PackFormat.RAW, PackedSamples.SILENT));
      assertSame(calm, folder);
      Path flipped = dir.resolve("flipped" + cut);
      interrupt(flipped, PackFormat.RAW, 14);
      byte[] bytes = Files.readAllBytes(flipped.resolve(shard));
      bytes[(int) cut] ^= 4;
      Files.write(flipped.resolve(shard), bytes);
      assertTrue(write(flipped, PackFormat.RAW, PackedSamples.SILENT));
      assertSame(calm, flipped);
    }
  }

  @Test
  void aBadImageStopsThePackAndCanBeMended() throws IOException {
    Map<String, byte[]> calm = calm(PackFormat.RAW);
    DataSet bad = new DataSet("made-up", new PackedSamples.Files48(1, 101, 4, 60), DATA.test());
    Path folder = dir.resolve("bad");
    Path file = folder.resolve("x.pack");
    var error =
        assertThrows(
            DataException.class,
            () -> PackedSamples.write(bad, PackFormat.RAW, file, PackedSamples.SILENT));
    assertEquals("train/dog/60.png is torn; download it again.", error.getMessage());
    assertTrue(write(folder, PackFormat.RAW, PackedSamples.SILENT));
    assertSame(calm, folder);
  }

  @Test
  void aFinishedPackIsLeftAlone() throws IOException {
    Map<String, byte[]> calm = calm(PackFormat.RAW);
    Path folder = dir.resolve("calm");
    assertFalse(write(folder, PackFormat.RAW, PackedSamples.SILENT));
    refused(folder, PackFormat.JPEG, DATA, "x.pack is of a pack of other images");
    refused(folder, PackFormat.RAW, PackedSamples.of(101, 34), "is of a pack of other images");
    assertSame(calm, folder);
  }

  @Test
  void anUnfinishedPackOfOtherImagesIsRefused() throws IOException {
    interrupt(dir, PackFormat.RAW, 5);
    refused(dir, PackFormat.JPEG, DATA, "x.pack.part is of a pack of other images");
    assertTrue(write(dir, PackFormat.RAW, PackedSamples.SILENT));
  }

  @Test
  void twoCannotWriteOnePack() throws IOException {
    try (FolderLock _ = FolderLock.of(dir, new PackFiles(Path.of("x.pack")).lock()).orElseThrow()) {
      refused(dir, PackFormat.RAW, DATA, "another process packs into " + dir.resolve("x.pack"));
    }
    assertTrue(write(dir, PackFormat.RAW, PackedSamples.SILENT));
  }

  private static void refused(Path folder, PackFormat format, DataSet data, String expected) {
    Path file = folder.resolve("x.pack");
    var error =
        assertThrows(
            CheckpointException.class,
            () -> PackedSamples.write(data, format, file, PackedSamples.SILENT));
    assertTrue(error.getMessage().contains(expected), error.getMessage());
    assertTrue(error.getMessage().contains("choose another"), error.getMessage());
  }

  /** A million images of a gigabyte each are more than any disk has. */
  @Test
  void aDiskThatIsTooSmallIsSeenBeforeTheWork() throws IOException {
    var huge = new PackedSamples.Files48(1, 1_000_000, 18_000, -1);
    refused(dir, PackFormat.RAW, new DataSet("huge", huge, huge), "MB free");
    assertEquals(Map.of(), PackedSamples.contents(dir));
  }
}
