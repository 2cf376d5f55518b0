package org.fasthebb.models.inputs;

import org.fasthebb.engine.Tensor;

/**
 * A batch on its way into a tensor. A reading thread fills it in host memory, in the stored form;
 * the caller's thread then converts it into a tensor of the backend.
 */
public interface HostBatch {
  /**
   * Reads the input of an image. It may run at the same time as a training step, so it must not use
   * the backend. If the {@link InputSource#isSlow source is slow}, several threads may call it at
   * once.
   *
   * @param row of the batch
   * @param index of the image in its set
   * @throws RuntimeException with one sentence for the user, if it cannot be read
   */
  void read(int row, int index);

  /**
   * Writes all rows to {@code out} (count, ..), once they have been read. The open scope owns
   * temporaries.
   */
  void into(Tensor out);
}
