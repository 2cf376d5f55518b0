package org.fasthebb.models.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Says why a file or folder cannot be written, and what to do. */
public final class WriteFailure {
  private WriteFailure() {}

  /** The reason and the way out in words that end a sentence, without its full stop. */
  public static String reason(IOException e) {
    String detail = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    String lower = detail == null ? "" : detail.toLowerCase(Locale.ROOT);
    if (lower.contains("no space") || lower.contains("not enough space")) {
      return "the disk is full; free some space and try again";
    }
    if (lower.contains("quota")) {
      return "the disk quota is used up; free some space and try again";
    }
    if (lower.contains("read-only")) {
      return "the file system is read-only; choose another folder";
    }
    if (e instanceof FileAlreadyExistsException || lower.contains("not a directory")) {
      return "there is a file in the way; choose another folder";
    }
    return switch (e) {
      case AccessDeniedException _ -> "it is not writable; check the permissions";
      case NoSuchFileException _ -> "its folder does not exist; create it first";
      case AtomicMoveNotSupportedException _ ->
          "the file system cannot rename atomically; choose another folder";
      default -> detail == null ? e.getClass().getSimpleName() : detail;
    };
  }
}
