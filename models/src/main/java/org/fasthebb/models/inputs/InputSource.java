package org.fasthebb.models.inputs;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSource;

/**
 * Makes the inputs of a learner from stored images: prepared images, or features computed from
 * them.
 */
public interface InputSource {
  /** The backend that holds the batches. */
  Backend backend();

  /** Shape (count, ..) of the inputs for {@code count} images of {@code set}. */
  int[] shape(ImageSource set, int count);

  /** Host memory for {@code count} inputs; nothing is read yet. */
  HostBatch hostBatch(ImageSource set, int count);

  /** Whether a batch takes so much work that it should be kept for later epochs. */
  default boolean isExpensive() {
    return false;
  }

  /**
   * Whether reading an input takes long beside copying it. If so, several threads may read into a
   * {@link HostBatch} at once, each another row.
   */
  default boolean isSlow(ImageSource set) {
    return false;
  }

  /** The inputs for images {@code indices} of {@code set}; the open scope owns the tensor. */
  default Tensor batch(ImageSource set, int... indices) {
    HostBatch host = hostBatch(set, indices.length);
    for (int row = 0; row < indices.length; row++) {
      host.read(row, indices[row]);
    }
    Tensor out = backend().empty(shape(set, indices.length));
    host.into(out);
    return out;
  }
}
