package org.fasthebb.models.learn;

/**
 * Thrown when training has led to values that are not finite. The message is one sentence for the
 * user.
 */
public final class DivergedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  DivergedException(String message) {
    super(message);
  }
}
