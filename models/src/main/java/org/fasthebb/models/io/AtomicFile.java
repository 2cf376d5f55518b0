package org.fasthebb.models.io;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces a file as a whole: readers see the old content or the new one, never a part.
 *
 * <p>The content goes to a temporary file {@code .NAME.PID-ID.tmp} in the same directory, is forced
 * to the disk and then renamed over the target. A temporary file whose process has ended is removed
 * at the next write of the same target, or with it.
 */
public final class AtomicFile {
  /** Temporary files that this process is writing now. */
  private static final Set<Path> ACTIVE = ConcurrentHashMap.newKeySet();

  private static final Pattern SUFFIX = Pattern.compile("\\.(\\d{1,18})-[0-9a-f]{32}\\.tmp");

  private AtomicFile() {}

  /** Produces the content of a file. */
  @FunctionalInterface
  public interface WriterCallback {
    /**
     * Writes the whole content; the caller closes the stream.
     *
     * @param out unbuffered stream: write in large pieces
     * @throws IOException if the content cannot be produced or written
     */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, leaving the previous one untouched unless everything succeeds.
   *
   * @param target the file to create or replace; a symbolic link is followed
   * @param content produces the content; its unchecked exceptions and {@link CheckpointException}s
   *     pass through
   * @throws CheckpointException if the target is not a regular file or cannot be written
   */
  public static void write(Path target, WriterCallback content) throws CheckpointException {
    Path temporary = null;
    try {
      Path file = resolve(target);
      Path directory = file.getParent();
      removeStale(directory, file.getFileName().toString());
      temporary = directory.resolve(temporaryName(file.getFileName().toString()));
      ACTIVE.add(temporary);
      Files.createFile(temporary);
      // Not a FileChannel: an interrupt would close it half-way through a checkpoint.
      try (var out = new FileOutputStream(temporary.toFile())) {
        content.write(out);
        out.getFD().sync();
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceDirectory(directory);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(
          "Cannot write '" + target + "': " + WriteFailure.reason(e) + ".", e);
    } finally {
      discard(temporary);
    }
  }

  /**
   * Writes a text file as UTF-8, leaving the previous one untouched unless everything succeeds.
   *
   * @param target the file to create or replace
   * @param text the whole content
   * @throws CheckpointException if the target is not a regular file or cannot be written
   */
  public static void writeString(Path target, String text) throws CheckpointException {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Removes a file, if it exists, and the temporary files that killed writes of it left.
   *
   * @throws CheckpointException if it exists and cannot be removed
   */
  public static void remove(Path target) throws CheckpointException {
    try {
      Files.deleteIfExists(target);
      Path file = target.toAbsolutePath();
      removeStale(file.getParent(), file.getFileName().toString());
    } catch (IOException e) {
      throw new CheckpointException(
          "Cannot remove '" + target + "': " + WriteFailure.reason(e) + ".", e);
    }
  }

  /**
   * The absolute file to replace; a rename would destroy a link or a device instead of using it.
   */
  private static Path resolve(Path target) throws IOException {
    Path file = target.toAbsolutePath().normalize();
    if (Files.exists(file)) {
      file = file.toRealPath();
      if (Files.isDirectory(file)) {
        throw new CheckpointException(
            "Cannot write '" + target + "': it is a folder; give the name of a file.");
      }
      if (!Files.isRegularFile(file)) {
        throw new CheckpointException(
            "Cannot write '" + target + "': it is not a regular file; give another name.");
      }
      if (!Files.isWritable(file)) {
        throw new AccessDeniedException(file.toString());
      }
    }
    if (file.getFileName() == null) {
      throw new CheckpointException(
          "Cannot write '" + target + "': it is a folder; give the name of a file.");
    }
    return file;
  }

  private static String temporaryName(String name) {
    String id = UUID.randomUUID().toString().replace("-", "");
    return "." + name + "." + ProcessHandle.current().pid() + "-" + id + ".tmp";
  }

  /** Removes temporary files of ended processes. A failure is harmless: the next write retries. */
  private static void removeStale(Path directory, String name) {
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, p -> isStale(p, name))) {
      for (Path entry : entries) {
        Files.deleteIfExists(entry);
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // the write itself reports a directory that cannot be used
    }
  }

  private static boolean isStale(Path file, String name) {
    String found = file.getFileName().toString();
    if (!found.startsWith("." + name) || ACTIVE.contains(file)) {
      return false;
    }
    Matcher suffix = SUFFIX.matcher(found.substring(name.length() + 1));
    if (!suffix.matches()) {
      return false;
    }
    // In a container a restarted process often has the PID of the killed one.
    long pid = Long.parseLong(suffix.group(1));
    return pid == ProcessHandle.current().pid()
        || ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
  }

  /** Makes the rename durable; some systems (Windows) cannot open a directory. */
  private static void forceDirectory(Path directory) {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return; // the file itself is complete and already in place
    }
  }

  private static void discard(Path temporary) {
    if (temporary == null) {
      return;
    }
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      return; // becomes stale and goes at the next write
    } finally {
      ACTIVE.remove(temporary);
    }
  }
}
