package org.fasthebb.models.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** A checkpoint cannot be read or written; the message is one sentence for the user. */
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message one sentence that names the file or tensor, the fact and the way out
   */
  public CheckpointException(String message) {
    super(message);
  }

  /**
   * Creates the exception with the failure that led to it.
   *
   * @param message one sentence that names the file or tensor, the fact and the way out
   * @param cause the original failure
   */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Refuses a file that belongs to another run.
   *
   * @param identity of this run: its settings and data
   * @param found the identity in the file; null if it has none
   * @throws CheckpointException if they differ
   */
  public static void requireSame(Path file, String identity, String found)
      throws CheckpointException {
    if (!identity.equals(found)) {
      throw new CheckpointException(
          file
              + " belongs to a run with other settings; choose another output folder, or remove"
              + " it");
    }
  }

  /** Formats the message alike in every locale. */
  static CheckpointException of(Throwable cause, String format, Object... arguments) {
    return new CheckpointException(String.format(Locale.ROOT, format, arguments), cause);
  }
}
