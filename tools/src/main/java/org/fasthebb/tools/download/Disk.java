package org.fasthebb.tools.download;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import org.fasthebb.models.data.DataException;

/** Failures of the local disk. */
final class Disk {
  private Disk() {}

  /** Says why {@code path} cannot be written, and what to do. */
  static DataException failure(Path path, IOException e) {
    return new DataException("%s cannot be written: %s.".formatted(path, reason(e)), e);
  }

  private static String reason(IOException e) {
    String detail = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    String lower = detail == null ? "" : detail.toLowerCase(Locale.ROOT);
    if (lower.contains("space")) {
      return "the disk is full; free some space and run the same command again to continue";
    }
    if (lower.contains("quota")) {
      return "the disk quota is used up; free some space and run the same command again to"
          + " continue";
    }
    if (e instanceof AccessDeniedException || lower.contains("read-only")) {
      return "permission is denied; choose another folder with --data-dir";
    }
    if (e instanceof FileAlreadyExistsException || lower.contains("not a directory")) {
      return "there is a file in the way; choose another folder with --data-dir";
    }
    return detail == null ? e.getClass().getSimpleName() : detail;
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
