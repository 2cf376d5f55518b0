package org.fasthebb.models.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keeps other runs from working in a folder, until it is closed. It is a lock of the operating
 * system on a file in it, such as {@code .lock}, so a process that is killed leaves no lock, but
 * only the file.
 *
 * <p>Nothing else in this process may open that file: some systems release a process's locks on a
 * file as soon as the process closes the file once.
 */
public final class FolderLock implements AutoCloseable {
  /** The byte that is locked, which the file need not have. */
  private static final long BYTE = 1 << 20;

  /** The files that this process has locked. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Locks a folder.
   *
   * @throws CheckpointException if it is locked already
   */
  public static FolderLock of(Path folder) throws CheckpointException {
    try {
      return of(folder, ".lock")
          .orElseThrow(() ->
              new CheckpointException(
                  "another run works in the output folder "
                      + folder
                      + "; wait until it has ended, or choose another output folder (--out)"));
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot lock " + folder + " (" + e.getMessage() + "); choose another output folder", e);
    }
  }

  /**
   * Locks a file of a folder, and makes it if there is none.
   *
   * @return the lock; nothing if this process or another one holds it
   */
  public static Optional<FolderLock> of(Path folder, String name) throws IOException {
    Path file = folder.toRealPath().resolve(name);
    if (!OWN.add(file)) {
      return Optional.empty();
    }
    FolderLock lock = null;
    try {
      lock = lock(file);
      return Optional.ofNullable(lock);
    } finally {
      if (lock == null) {
        OWN.remove(file);
      }
    }
  }

  /** Locks a file; null if it is locked by other means than here. */
  private static FolderLock lock(Path file) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean kept = false;
      try {
        if (channel.tryLock(BYTE, 1, false) == null) {
          return null;
        }
        kept = isOpenAs(file, channel);
        if (kept) {
          return new FolderLock(file, channel);
        }
      } catch (OverlappingFileLockException e) {
        return null; // another part of this process, which is no FolderLock, has locked it
      } finally {
        if (!kept) {
          channel.close();
        }
      }
    }
  }

  /**
   * Whether the open file still has its name. The last owner may have removed it before it was
   * locked here, and then a third process may have made another one. A random length tells them
   * apart, because it can be asked for without opening the file. Afterwards the file is empty.
   */
  private static boolean isOpenAs(Path file, FileChannel channel) throws IOException {
    int length = 1 + ThreadLocalRandom.current().nextInt(1 << 16);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), length - 1);
    try {
      return Files.size(file) == length;
    } catch (NoSuchFileException e) {
      return false;
    } finally {
      channel.truncate(0);
    }
  }

  @Override
  public void close() throws CheckpointException {
    try (channel) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new CheckpointException("cannot unlock " + file + ": " + e.getMessage(), e);
    } finally {
      OWN.remove(file);
    }
  }
}
