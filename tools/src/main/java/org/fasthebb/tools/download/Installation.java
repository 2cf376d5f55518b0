package org.fasthebb.tools.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.FolderLock;

/**
 * Downloads, checks and unpacks a data set. Its folder appears completely or not at all.
 *
 * <pre>
 *   DIR/ARCHIVE.part      the bytes received so far; kept when the download is cut off
 *   DIR/.FOLDER.unpacking the files, until they are complete
 *   DIR/.FOLDER.lock      keeps two processes from installing at once
 *   DIR/FOLDER            the result; the others are then removed
 * </pre>
 */
public final class Installation {
  private final Source source;
  private final Path dir;
  private final Watcher watcher;
  private final Download.Timeouts timeouts;

  /**
   * Prepares an installation; {@link #run} performs it.
   *
   * @param dir the folder to put the folder of the data set into; created if it does not exist
   */
  public Installation(Source source, Path dir, Watcher watcher) {
    this(source, dir, watcher, Download.Timeouts.USUAL);
  }

  /** An installation with other timeouts, for tests. */
  Installation(Source source, Path dir, Watcher watcher, Download.Timeouts timeouts) {
    this.source = source;
    this.dir = dir;
    this.watcher = watcher;
    this.timeouts = timeouts;
  }

  /**
   * Downloads, checks and unpacks, unless the folder exists already and is not empty.
   *
   * @return whether it was installed now; false if something is there already
   * @throws DataException if there is a file in its place, the server does not send the archive, or
   *     sends another one than the authors published, or something cannot be written; the message
   *     says what to do
   */
  public boolean run() throws InterruptedException {
    Path target = dir.resolve(source.folder());
    if (isThere(target)) {
      return false;
    }
    try {
      Files.createDirectories(dir);
      try (FolderLock _ =
          FolderLock.of(dir, "." + source.folder() + ".lock")
              .orElseThrow(() ->
                  new DataException(
                      "%s is being installed by another process; wait until it ends."
                          .formatted(target)))) {
        if (isThere(target)) {
          return false; // another process has just installed it
        }
        fetch(target);
        return true;
      }
    } catch (IOException e) {
      throw Disk.failure(dir, e);
    }
  }

  /** Whether there is a folder with something in it. */
  private static boolean isThere(Path target) {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> content = Files.list(target)) {
      return content.findAny().isPresent();
    } catch (NotDirectoryException | NoSuchFileException e) { // or a link that leads nowhere
      throw new DataException(
          "%s is in the way, since it is not a folder; move it away or choose another --data-dir."
              .formatted(target),
          e);
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s.".formatted(target, e.getMessage()), e);
    }
  }

  private void fetch(Path target) throws IOException, InterruptedException {
    try (PartFile part = new PartFile(dir.resolve(source.archive() + ".part"))) {
      boolean whole = part.size() > 0 && part.md5().equals(source.md5());
      if (!whole) {
        watcher.message("from " + source.address());
        new Download(source.address(), source.size(), part, watcher, timeouts).run();
        requireChecksum(part);
      }
      unpack(part.path(), target);
      part.delete();
    }
  }

  private void requireChecksum(PartFile part) {
    String md5 = part.md5();
    if (!md5.equals(source.md5())) {
      part.delete();
      throw new DataException(
          ("%s is not what its authors published: its MD5 is %s and not %s; it was deleted, try"
                  + " again or name another mirror with --url.")
              .formatted(source.address(), md5, source.md5()));
    }
  }

  private void unpack(Path archive, Path target) throws IOException {
    Path staging = dir.resolve("." + source.folder() + ".unpacking");
    Disk.deleteAll(staging); // left by a process that was killed
    Files.createDirectory(staging);
    try {
      Archive.unpack(archive, source.archive(), staging, watcher);
      Path folder = staging.resolve(source.folder());
      if (!Files.isDirectory(folder)) {
        throw new DataException(
            "%s has no folder %s in it; name another mirror with --url."
                .formatted(source.address(), source.folder()));
      }
      Files.deleteIfExists(target); // it is empty
      Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Disk.deleteAll(staging);
    }
  }
}
