package org.fasthebb.models.inputs;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSource;

/** What is learned from: images of a set as a network sees them, or what was made of them. */
public interface InputSource {
  /** Where batches are made. */
  Backend backend();

  /** Shape (count, ..) of the inputs for {@code count} images of {@code set}. */
  int[] shape(ImageSource set, int count);

  /** Room for {@code count} inputs in memory of the host; nothing is read yet. */
  HostBatch hostBatch(ImageSource set, int count);

  /** Whether a batch takes so much work that it should be done only once. */
  default boolean isExpensive() {
    return false;
  }

  /** The inputs for images {@code indices} of {@code set}, from the open scope. */
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
