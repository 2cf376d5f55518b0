package org.fasthebb.models.inputs;

import org.fasthebb.models.data.ImageSource;

/**
 * Some images of a set.
 *
 * @param set the images
 * @param indices which of them
 */
public record Examples(ImageSource set, int[] indices) {
  /** All images of a set. */
  public static Examples all(ImageSource set) {
    int[] indices = new int[set.size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i;
    }
    return new Examples(set, indices);
  }

  /** The number of examples. */
  public int size() {
    return indices.length;
  }
}
