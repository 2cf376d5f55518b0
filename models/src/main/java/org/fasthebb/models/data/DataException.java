package org.fasthebb.models.data;

/**
 * Bad input data, or a request that the data cannot meet. The message is one sentence for the
 * person who chose the data: it names the file or number, the fact, and the way out.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with its whole story in {@code message}. */
  public DataException(String message) {
    super(message);
  }

  /** An error with its whole story in {@code message}; {@code cause} is for the stack trace. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
