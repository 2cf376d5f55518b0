package org.fasthebb.models.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Checks for room on a disk before the work that fills it. */
public final class FreeSpace {
  private FreeSpace() {}

  /**
   * Refuses to go on if a file will not fit.
   *
   * @param file in a folder that exists
   * @param bytes its final size, with all that comes beside it
   * @param present how many of them are there already
   * @throws CheckpointException if the disk has less room
   */
  public static void require(Path file, long bytes, long present) throws CheckpointException {
    Path folder = file.toAbsolutePath().getParent();
    long room;
    try {
      room = Files.getFileStore(folder).getUsableSpace() + present;
    } catch (IOException e) {
      throw new CheckpointException("cannot look into " + folder + ": " + e.getMessage(), e);
    }
    if (bytes > room) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s takes up to %.1f MB, but there are %.1f MB free; choose another output folder",
              file,
              bytes / 1e6,
              room / 1e6));
    }
  }
}
