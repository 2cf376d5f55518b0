package org.fasthebb.tools.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.fasthebb.models.data.DataException;

/**
 * A data set on its way from an archive on a server to a folder here, which appears as a whole or
 * not at all.
 *
 * <pre>
 *   DIR/ARCHIVE.part      what came so far; kept when the download is cut off
 *   DIR/.FOLDER.unpacking the files, as long as they are not complete
 *   DIR/.FOLDER.lock      so that two processes do not meet
 *   DIR/FOLDER            in the end, and then none of the others
 * </pre>
 */
public final class Installation {
  private final Source source;
  private final Path dir;
  private final Watcher watcher;
  private final Download.Timeouts timeouts;

  /**
   * Nothing happens yet.
   *
   * @param dir the folder to put the folder of the data set into; it is made if need be
   */
  public Installation(Source source, Path dir, Watcher watcher) {
    this(source, dir, watcher, Download.Timeouts.USUAL);
  }

  /** As the public one, for tests that cannot wait. */
  Installation(Source source, Path dir, Watcher watcher, Download.Timeouts timeouts) {
    this.source = source;
    this.dir = dir;
    this.watcher = watcher;
    this.timeouts = timeouts;
  }

  /**
   * Downloads, checks and unpacks, unless the folder is there already.
   *
   * @return whether it was not there
   * @throws DataException if the server does not give the archive, or another one than the authors
   *     published, or something cannot be written; the message says what to do
   */
  public boolean run() throws InterruptedException {
    Path target = dir.resolve(source.folder());
    if (Files.exists(target)) {
      return false;
    }
    Path lock = dir.resolve("." + source.folder() + ".lock");
    try {
      Files.createDirectories(dir);
      try (FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        if (!isLocked(channel)) {
          throw new DataException(
              "%s is being made by another process; wait for that.".formatted(target));
        }
        try {
          if (Files.exists(target)) {
            return false; // another process made it just now
          }
          fetch(target);
          return true;
        } finally {
          Files.deleteIfExists(lock);
        }
      }
    } catch (IOException e) {
      throw Disk.failure(dir, e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this very process
    }
  }

  private void fetch(Path target) throws IOException, InterruptedException {
    try (PartFile part = new PartFile(dir.resolve(source.archive() + ".part"))) {
      boolean whole = part.size() > 0 && part.md5().equals(source.md5());
      if (!whole) {
        watcher.message("from " + source.address());
        new Download(source.address(), part, watcher, timeouts).run();
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
    Disk.deleteAll(staging); // of a process that was killed
    Files.createDirectory(staging);
    try {
      Archive.unpack(archive, source.archive(), staging, watcher);
      Path folder = staging.resolve(source.folder());
      if (!Files.isDirectory(folder)) {
        throw new DataException(
            "%s has no folder %s in it; name another mirror with --url."
                .formatted(source.address(), source.folder()));
      }
      Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Disk.deleteAll(staging);
    }
  }
}
