package org.fasthebb.tools.download;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.fasthebb.models.data.DataException;

/** Writes the files of an archive into a folder, and never outside of it. */
final class UnpackedFiles {
  private static final int FORCED_TOGETHER = 16;

  private final Path root;
  private final List<Path> files = new ArrayList<>();

  /** Files for {@code root}, which exists. */
  UnpackedFiles(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Makes a folder and its parents. */
  void addFolder(String name) {
    create(inside(name));
  }

  /**
   * Writes a file, which must not exist.
   *
   * @throws IOException if {@code content} cannot be read
   */
  void add(String name, InputStream content) throws IOException {
    Path file = inside(name);
    create(file.getParent());
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out = open(file)) {
      int read;
      while ((read = content.read(buffer)) >= 0) {
        write(file, out, buffer, read);
      }
    }
    files.add(file);
  }

  // These tell a failure to write from a failure to read.

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw Disk.failure(folder, e);
    }
  }

  private static OutputStream open(Path file) {
    try {
      return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw Disk.failure(file, e);
    }
  }

  private static void write(Path file, OutputStream out, byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw Disk.failure(file, e);
    }
  }

  /** The path of an entry, which must lie inside the folder. */
  private Path inside(String name) {
    try {
      Path path = root.resolve(name).normalize();
      if (path.startsWith(root) && !name.startsWith("/")) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw leaves(name, e);
    }
    throw leaves(name, null);
  }

  private static DataException leaves(String name, Exception cause) {
    return new DataException(
        "the archive has an entry '%s' that leaves its folder; name another mirror with --url."
            .formatted(name),
        cause);
  }

  /**
   * Forces all files to the disk. This is done at the end and for many files at a time, because the
   * system then writes them together: one by one, small files take 30 times longer.
   */
  void force() {
    Queue<DataException> failures = new ConcurrentLinkedQueue<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(FORCED_TOGETHER)) {
      for (Path file : files) {
        pool.execute(() -> force(file, failures));
      }
    }
    if (!failures.isEmpty()) {
      throw failures.remove();
    }
  }

  private static void force(Path file, Queue<DataException> failures) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      failures.add(Disk.failure(file, e));
    }
  }
}
