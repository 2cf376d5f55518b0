package org.fasthebb.models.data;

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
}
