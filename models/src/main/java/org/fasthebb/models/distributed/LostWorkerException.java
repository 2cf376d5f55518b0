package org.fasthebb.models.distributed;

/**
 * Thrown when a worker of a run can't be reached, is late, or says something unexpected. The
 * message is one sentence for the user.
 */
public final class LostWorkerException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  LostWorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
