package org.fasthebb.models.inputs;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.random.Rng;

/** The inputs that some examples make, batch by batch, in an order that may be shuffled. */
public final class DataLoader {
  /** Images taken at once, where it is free to choose. */
  static final int BLOCK = 64;

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
    Tensor all = backend().zeros(shape(size()));
    try (Batches batches = batches(0, BLOCK, 1)) {
      while (batches.next()) {
        batches.into(all.slice(0, batches.from(), batches.to()));
      }
    }
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
    forEachBlock(BLOCK, block);
  }

  /** All images in their order, {@code size} at a time; the last block may be smaller. */
  public void forEachBlock(int size, Block block) {
    try (Batches batches = batches(0, size, 1)) {
      while (batches.next()) {
        try (Scope _ = backend().scope()) {
          block.take(batches.images(), batches.from());
        }
      }
    }
  }

  /**
   * Batches from image {@code first} of the order to the end. The order stays as it is until they
   * are closed.
   *
   * @param size images per batch, at least 1
   * @param least what is left for the last batch joins the one before it if it is less than this
   */
  public Batches batches(int first, int size, int least) {
    return new Batches(this, first, size, least);
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

  /** Labels of images from .. to-1 of the order. */
  public int[] labels(int from, int to) {
    int[] labels = new int[to - from];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = label(from + i);
    }
    return labels;
  }

  /** Label of the image at {@code position} in the order. */
  int label(int position) {
    return examples.set().label(examples.indices()[order[position]]);
  }

  /** Room for inputs (count, ..), from the open scope. */
  Tensor empty(int count) {
    return backend().empty(shape(count));
  }

  /** Shape (count, ..) of {@code count} inputs. */
  int[] shape(int count) {
    return inputs.shape(examples.set(), count);
  }

  /** Room on the host for {@code count} inputs. */
  HostBatch hostBatch(int count) {
    return prepared == null
        ? inputs.hostBatch(examples.set(), count)
        : new PreparedRows(new float[count]);
  }

  /** Reads the input at {@code position} in the order. */
  void read(int position, HostBatch batch, int row) {
    int example = order[position];
    batch.read(row, prepared == null ? examples.indices()[example] : example);
  }

  /** Some of the prepared inputs: their row numbers, as the backend wants them. */
  private final class PreparedRows implements HostBatch {
    private final float[] rows;

    PreparedRows(float[] rows) {
      this.rows = rows;
    }

    @Override
    public void read(int row, int index) {
      rows[row] = index;
    }

    @Override
    public void into(Tensor out) {
      Tensor numbers = backend().empty(rows.length);
      numbers.write(rows);
      backend().indexSelect(prepared, numbers, out);
    }
  }
}
