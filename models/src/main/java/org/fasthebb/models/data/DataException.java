package org.fasthebb.models.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Bad input data, or a request that the data cannot meet. The message is one sentence for the
 * person who chose the data: it names the file or number, the fact, and the way out.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error that {@code message} describes completely. */
  public DataException(String message) {
    super(message);
  }

  /** An error that {@code message} describes completely; {@code cause} is for the stack trace. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Why a file or folder cannot be read, in words that fit into a sentence. */
  public static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "reading is not permitted";
      case NoSuchFileException _ -> "there is no such file";
      case CharacterCodingException _ -> "it is not UTF-8 text";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case FileSystemException _ -> "the system cannot read it";
      default -> e.getMessage() == null ? "the system cannot read it" : e.getMessage();
    };
  }
}
