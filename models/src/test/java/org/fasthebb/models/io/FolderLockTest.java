package org.fasthebb.models.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run at a time in a folder. */
class FolderLockTest {
  @TempDir Path folder;

  private void assertLocked() {
    String message =
        assertThrows(CheckpointException.class, () -> FolderLock.of(folder).close()).getMessage();
    assertEquals(
        "another run works in the output folder "
            + folder
            + "; wait until it has ended, or choose another output folder (--out)",
        message);
  }

  @Test
  void inOneProcess() throws IOException {
    try (FolderLock _ = FolderLock.of(folder)) {
      assertLocked();
      try (FolderLock _ = FolderLock.of(Files.createDirectory(folder.resolve("inside")))) {
        assertLocked();
      }
    }
    assertFalse(Files.exists(folder.resolve(".lock")), "nothing is left");
    FolderLock.of(folder).close();
    assertThrows(CheckpointException.class, () -> FolderLock.of(folder.resolve("none")));
  }

  @Test
  void aProcessThatIsKilledLeavesNoLock() throws Exception {
    Process other = child();
    try (BufferedReader said = other.inputReader()) {
      assertEquals("locked", said.readLine());
      assertLocked();
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertEquals(0, Files.size(folder.resolve(".lock")), "it was killed");
    FolderLock.of(folder).close();
  }

  private Process child() throws IOException, URISyntaxException {
    List<String> classes = new ArrayList<>();
    for (Class<?> type : new Class<?>[] {FolderLock.class, FolderLockTest.class}) {
      classes.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            String.join(File.pathSeparator, classes),
            Child.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Locks a folder and waits. */
  static final class Child {
    private Child() {}

    public static void main(String[] folder) throws Exception {
      try (FolderLock _ = FolderLock.of(Path.of(folder[0]))) {
        System.out.println("locked");
        Thread.sleep(60_000);
      }
    }
  }
}
