package org.fasthebb.engine;

/**
 * Work that is the same every time it runs: the same operations on the same tensors with the same
 * numbers, only the tensors' contents differ. See {@link Backend#record}.
 */
public interface Recording extends AutoCloseable {
  /** Does the work. */
  void run();

  /** Gives back what was kept for the next run. */
  @Override
  void close();
}
