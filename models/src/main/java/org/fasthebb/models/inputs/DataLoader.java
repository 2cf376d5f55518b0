package org.fasthebb.models.inputs;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.random.Rng;

/**
 * Gives the inputs of some examples batch by batch, in an order that can be shuffled. Other threads
 * read the next batches while the caller works on one; see {@link Batches}.
 */
public final class DataLoader {
  /** Images per block where the caller does not say how many, unless they are large. */
  static final int BLOCK = 64;

  /** Values of the images of a block: more of large images would take gigabytes in a network. */
  private static final int BLOCK_VALUES = 1 << 22;

  /** Prepared images may take at most this part of memory: 1 / 4. */
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

  /** A loader for one pass over the examples. Each batch is prepared when it is needed. */
  public static DataLoader once(InputSource inputs, Examples examples) {
    return new DataLoader(inputs, examples);
  }

  /**
   * A loader for many passes. If preparing is expensive (whitening) or tensors live on a GPU, all
   * inputs are prepared now and kept there, provided that they fit.
   */
  public static DataLoader kept(InputSource inputs, Examples examples) {
    DataLoader loader = new DataLoader(inputs, examples);
    Backend backend = inputs.backend();
    long values = loader.values(examples.size());
    boolean fits = values <= Integer.MAX_VALUE && values * Float.BYTES <= backend.memory() / SHARE;
    if (fits && (inputs.isExpensive() || backend.isRemote())) {
      loader.prepare();
    }
    return loader;
  }

  private void prepare() {
    Tensor all = backend().zeros(shape(size()));
    // Not fewer: the whitening matrix is read again for each block.
    try (Batches batches = batches(0, fitting(), 1)) {
      while (batches.next()) {
        batches.into(all.slice(0, batches.from(), batches.to()));
      }
    }
    prepared = all;
  }

  /** Work on some of the images. */
  @FunctionalInterface
  public interface Block {
    /**
     * Receives images inside a scope of their own.
     *
     * @param images (b, ..)
     * @param from position of the first of them in the order
     */
    void take(Tensor images, int from);
  }

  /** Passes all images to {@code block} in their order, a few at a time. */
  public void forEachBlock(Block block) {
    forEachBlock(Math.min(BLOCK, fitting()), block);
  }

  /** How many images make a block of {@link #BLOCK_VALUES} values, at least one. */
  private int fitting() {
    return Math.toIntExact(Math.max(1, BLOCK_VALUES / Math.max(1, values(1))));
  }

  /**
   * Passes all images to {@code block} in their order, {@code size} at a time; the last may be
   * fewer.
   */
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
   * Batches from image {@code first} of the order to the end. Close them before the next shuffle.
   *
   * @param size images per batch, at least 1
   * @param least smallest last batch; a smaller remainder joins the batch before it
   */
  public Batches batches(int first, int size, int least) {
    return new Batches(this, first, size, least);
  }

  /** The backend that holds the batches. */
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

  /** A tensor for inputs (count, ..); the open scope owns it. */
  Tensor empty(int count) {
    return backend().empty(shape(count));
  }

  /** The number of values of {@code count} inputs. */
  long values(int count) {
    long values = count;
    for (int size : shape(1)) {
      values *= size;
    }
    return values;
  }

  /** Whether several threads should read, and may. */
  boolean isSlow() {
    return prepared == null && inputs.isSlow(examples.set());
  }

  /** Shape (count, ..) of {@code count} inputs. */
  int[] shape(int count) {
    return inputs.shape(examples.set(), count);
  }

  /** Host memory for {@code count} inputs. */
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

  /** A batch of prepared inputs, given by their row numbers. */
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
