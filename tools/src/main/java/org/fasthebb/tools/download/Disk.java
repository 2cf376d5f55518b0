package org.fasthebb.tools.download;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.WriteFailure;

/** Failures of the local disk. */
final class Disk {
  private Disk() {}

  /** Says why {@code path} cannot be written, and what to do. */
  static DataException failure(Path path, IOException e) {
    return new DataException(
        "%s cannot be written: %s.".formatted(path, WriteFailure.reason(e)), e);
  }

  /** Deletes a folder and everything in it, if it exists. */
  static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
