package org.fasthebb.models.io;

import java.io.IOException;
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

  /** Formats the message alike in every locale. */
  static CheckpointException of(Throwable cause, String format, Object... arguments) {
    return new CheckpointException(String.format(Locale.ROOT, format, arguments), cause);
  }
}
