package org.fasthebb.models.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  /** Beyond the largest process number of the common systems. */
  private static final long DEAD_PID = Integer.MAX_VALUE - 1L;

  private static final String ID = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  @Test
  void createsAndReplaces() throws IOException {
    Path file = directory.resolve("state.txt");
    AtomicFile.writeString(file, "old ä");
    assertEquals("old ä", Files.readString(file));
    AtomicFile.writeString(file, "new");
    assertEquals("new", Files.readString(file));
    assertEquals(List.of(file), list());
  }

  @Test
  void failedWriteLeavesTheOldFile() throws IOException {
    Path file = directory.resolve("state.txt");
    AtomicFile.writeString(file, "old");
    var e =
        assertThrows(
            CheckpointException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[1000]);
                      throw new IOException("No space left on device");
                    }));
    assertTrue(e.getMessage().contains("disk is full"), e.getMessage());
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  throw new IllegalStateException();
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), list());
  }

  @Test
  void refusesDirectoriesMissingParentsAndDevices() throws IOException {
    var e = assertThrows(CheckpointException.class, () -> AtomicFile.writeString(directory, "x"));
    assertTrue(e.getMessage().contains("is a folder"), e.getMessage());
    Path orphan = directory.resolve("missing").resolve("file");
    e = assertThrows(CheckpointException.class, () -> AtomicFile.writeString(orphan, "x"));
    assertTrue(e.getMessage().contains("folder does not exist"), e.getMessage());
    Path root = directory.getRoot();
    e = assertThrows(CheckpointException.class, () -> AtomicFile.writeString(root, "x"));
    assertTrue(e.getMessage().contains("is a folder"), e.getMessage());
    Path device = Path.of("/dev/null");
    Assumptions.assumeTrue(Files.exists(device), "this system has no /dev/null");
    e = assertThrows(CheckpointException.class, () -> AtomicFile.writeString(device, "x"));
    assertTrue(e.getMessage().contains("not a regular file"), e.getMessage());
  }

  @Test
  void refusesReadOnlyFile() throws IOException {
    Path file = directory.resolve("state.txt");
    AtomicFile.writeString(file, "old");
    assertTrue(file.toFile().setWritable(false));
    Assumptions.assumeFalse(Files.isWritable(file), "this user may write everything");
    var e = assertThrows(CheckpointException.class, () -> AtomicFile.writeString(file, "x"));
    assertTrue(e.getMessage().contains("not writable"), e.getMessage());
  }

  @Test
  void followsSymbolicLinks() throws IOException {
    Path file = directory.resolve("epoch-1");
    AtomicFile.writeString(file, "old");
    Path link = directory.resolve("latest");
    try {
      Files.createSymbolicLink(link, file);
    } catch (IOException | UnsupportedOperationException e) {
      Assumptions.abort("this system has no symbolic links");
    }
    AtomicFile.writeString(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(file));
  }

  @Test
  void removesOnlyWhatKilledRunsOfTheSameTargetLeft() throws IOException {
    Path stale = Files.createFile(temporary("state.txt", DEAD_PID));
    Path sameNumber = Files.createFile(temporary("state.txt", ProcessHandle.current().pid()));
    Path otherTarget = Files.createFile(temporary("state", DEAD_PID));
    Path notOurs = Files.createFile(directory.resolve(".state.txt.backup.tmp"));
    Path alive = null;
    var parent = ProcessHandle.current().parent();
    if (parent.isPresent()) {
      alive = Files.createFile(temporary("state.txt", parent.get().pid()));
    }
    AtomicFile.writeString(directory.resolve("state.txt"), "x");
    assertFalse(Files.exists(stale));
    assertFalse(Files.exists(sameNumber));
    assertTrue(Files.exists(otherTarget));
    assertTrue(Files.exists(notOurs));
    assertTrue(alive == null || Files.exists(alive));
  }

  @Test
  void concurrentAndNestedWritersOfOneTargetDoNotDisturbEachOther() throws Exception {
    Path file = directory.resolve("state.txt");
    AtomicFile.write(
        file,
        out -> {
          AtomicFile.writeString(file, "inner");
          out.write("outer".getBytes(StandardCharsets.UTF_8));
        });
    assertEquals("outer", Files.readString(file));
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> writes =
          IntStream.range(0, 40)
              .<Future<?>>mapToObj(i ->
                  pool.submit(() -> {
                    AtomicFile.writeString(file, Integer.toString(i).repeat(10_000));
                    return null;
                  }))
              .toList();
      for (Future<?> write : writes) {
        write.get();
      }
    }
    String text = Files.readString(file);
    assertTrue(text.length() == 10_000 || text.length() == 20_000);
    assertEquals(List.of(file), list());
  }

  @Test
  void interruptedThreadStillWrites() throws IOException {
    Path file = directory.resolve("state.txt");
    Thread.currentThread().interrupt();
    try {
      AtomicFile.writeString(file, "x");
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals("x", Files.readString(file));
  }

  private Path temporary(String name, long pid) {
    return directory.resolve("." + name + "." + pid + "-" + ID + ".tmp");
  }

  private List<Path> list() throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
