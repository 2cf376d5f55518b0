package org.fasthebb.models.inputs;

import org.fasthebb.engine.Tensor;

/**
 * A batch on its way into a tensor: what a reading thread leaves in memory of the host, as it was
 * stored, and what the backend then makes of it.
 */
public interface HostBatch {
  /**
   * Reads the input of an image. It may run beside a step, so it must not use the backend.
   *
   * @param row of the batch
   * @param index of the image in its set
   * @throws RuntimeException in one sentence, if it cannot be read
   */
  void read(int row, int index);

  /** Writes all rows, once read, to {@code out} (count, ..). Temporaries are of the open scope. */
  void into(Tensor out);
}
