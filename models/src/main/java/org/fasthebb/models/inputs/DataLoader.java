package org.fasthebb.models.inputs;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.random.Rng;

/** The inputs that some examples make, batch by batch. */
public final class DataLoader {
  /** Images taken at once. */
  private static final int BLOCK = 64;

  /** Of all memory, what prepared images may take: a quarter. */
  private static final int SHARE = 4;

  private final InputSource inputs;
  private final Examples examples;
  private final int[] order;
  private Tensor prepared;

  private DataLoader(InputSource inputs, Examples examples) {
    this.inputs = inputs;
    this.examples = examples;
    order = new int[examples.size()];
    restoreOrder();
  }

  /** For one pass over the examples: each batch is prepared when it is asked for. */
  public static DataLoader once(InputSource inputs, Examples examples) {
    return new DataLoader(inputs, examples);
  }

  /**
   * For many passes: where preparing is expensive (whitening), or tensors lie on a device, all
   * images are prepared now and kept there, if they fit.
   */
  public static DataLoader kept(InputSource inputs, Examples examples) {
    DataLoader batches = new DataLoader(inputs, examples);
    Backend backend = inputs.backend();
    long values = examples.size();
    for (int size : inputs.shape(examples.set(), 1)) {
      values *= size;
    }
    boolean fits = values <= Integer.MAX_VALUE && values * Float.BYTES <= backend.memory() / SHARE;
    if (fits && (inputs.isExpensive() || backend.isRemote())) {
      batches.prepare();
    }
    return batches;
  }

  private void prepare() {
    Tensor all = inputs.backend().zeros(inputs.shape(examples.set(), size()));
    forEachBlock((images, from) -> all.slice(0, from, from + images.size(0)).assign(images));
    prepared = all;
  }

  /** What is done with some of the images. */
  @FunctionalInterface
  public interface Block {
    /**
     * Takes images inside a scope of their own.
     *
     * @param images (b, ..)
     * @param from where in the order the first of them is
     */
    void take(Tensor images, int from);
  }

  /** All images in their order, a few at a time. */
  public void forEachBlock(Block block) {
    for (int from = 0; from < size(); from += BLOCK) {
      try (Scope _ = inputs.backend().scope()) {
        block.take(images(from, Math.min(size(), from + BLOCK)), from);
      }
    }
  }

  /** Where batches are made. */
  Backend backend() {
    return inputs.backend();
  }

  /** Number of images. */
  public int size() {
    return order.length;
  }

  /** Puts the examples into an order that is a function of {@code rng} alone. */
  public void shuffle(Rng rng) {
    restoreOrder();
    rng.shuffle(order);
  }

  private void restoreOrder() {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  /** Images from .. to-1 of the order as (to-from, ..), from the open scope. */
  public Tensor images(int from, int to) {
    if (prepared == null) {
      int[] indices = new int[to - from];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = examples.indices()[order[from + i]];
      }
      return inputs.batch(examples.set(), indices);
    }
    float[] rows = new float[to - from];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = order[from + i];
    }
    Backend backend = inputs.backend();
    Tensor positions = backend.empty(rows.length);
    positions.write(rows);
    Tensor out = backend.empty(inputs.shape(examples.set(), rows.length));
    backend.indexSelect(prepared, positions, out);
    return out;
  }

  /** Labels of images from .. to-1 of the order. */
  public int[] labels(int from, int to) {
    int[] labels = new int[to - from];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = examples.set().label(examples.indices()[order[from + i]]);
    }
    return labels;
  }
}
