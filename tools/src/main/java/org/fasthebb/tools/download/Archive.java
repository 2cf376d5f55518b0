package org.fasthebb.tools.download;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.TarReader;

/** Unpacks archives. */
final class Archive {
  private static final String PHASE = "unpacking";

  private Archive() {}

  /**
   * Unpacks all files and forces them to the disk.
   *
   * @param file the archive, under any name
   * @param name its real name, which ends in .zip, or in .tar.gz
   * @param folder an empty folder
   * @throws DataException if it is damaged, an entry would lie outside of {@code folder} or is
   *     neither file nor folder, or something cannot be written
   */
  static void unpack(Path file, String name, Path folder, Watcher watcher) {
    UnpackedFiles files = new UnpackedFiles(folder);
    try {
      if (name.endsWith(".zip")) {
        unzip(file, files, watcher);
      } else {
        untar(file, files, watcher);
      }
    } catch (IOException e) {
      throw new DataException(
          "%s cannot be unpacked (%s); delete it and run the same command again."
              .formatted(file, e.getMessage()),
          e);
    }
    watcher.message("writing to the disk");
    files.force();
  }

  private static void unzip(Path file, UnpackedFiles files, Watcher watcher) throws IOException {
    long total = Files.size(file);
    long done = 0;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (entry.isDirectory()) {
          files.addFolder(entry.getName());
        } else {
          try (InputStream content = zip.getInputStream(entry)) {
            files.add(entry.getName(), content);
          }
        }
        done += entry.getCompressedSize();
        watcher.step(PHASE, done, total);
      }
    }
  }

  private static void untar(Path file, UnpackedFiles files, Watcher watcher) throws IOException {
    long total = Files.size(file);
    try (Counting raw = new Counting(Files.newInputStream(file), watcher, total);
        InputStream unzipped =
            new GZIPInputStream(new BufferedInputStream(raw, 1 << 16), 1 << 16)) {
      TarReader tar = new TarReader(unzipped, "the archive");
      TarReader.Entry entry;
      while ((entry = tar.next()) != null) {
        switch (entry.kind()) {
          case FOLDER -> files.addFolder(entry.name());
          case FILE -> files.add(entry.name(), tar.content());
          case OTHER ->
              throw new DataException(
                  ("%s has an entry %s that is neither file nor folder; name another mirror with"
                          + " --url.")
                      .formatted(file, entry.name()));
        }
      }
      unzipped.transferTo(OutputStream.nullOutputStream()); // its checksum comes at the end
    }
  }

  /** Counts the bytes read. */
  private static final class Counting extends FilterInputStream {
    private final Watcher watcher;
    private final long total;
    private long done;

    Counting(InputStream in, Watcher watcher, long total) {
      super(in);
      this.watcher = watcher;
      this.total = total;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = super.read(bytes, from, length);
      done += Math.max(0, read);
      watcher.step(PHASE, done, total);
      return read;
    }
  }
}
