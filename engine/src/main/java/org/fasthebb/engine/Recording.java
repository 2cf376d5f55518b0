package org.fasthebb.engine;

/**
 * Work that does the same operations on the same tensors with the same numbers each time it runs;
 * only the contents of the tensors differ. See {@link Backend#record}.
 */
public interface Recording extends AutoCloseable {
  /** Does the work. */
  void run();

  /** Frees the memory that was kept for the next run. */
  @Override
  void close();
}
