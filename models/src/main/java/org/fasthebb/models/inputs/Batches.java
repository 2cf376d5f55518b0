package org.fasthebb.models.inputs;

import java.util.ArrayDeque;
import java.util.Deque;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * The batches of one pass over a {@link DataLoader}. While the caller works on a batch, other
 * threads read the next ones; they end with {@link #close}.
 *
 * <p>Inputs that are fast to read are read by one thread, one batch ahead. Slow ones, such as
 * images that are decoded, are read {@value #AHEAD} batches ahead by as many threads as it takes to
 * keep up. The number of threads never changes what a batch holds.
 *
 * <pre>{@code
 * try (Batches batches = loader.batches(0, 64, 1)) {
 *   while (batches.next()) {
 *     batches.into(images); // of shape (batches.to() - batches.from(), ..)
 *   }
 * }
 * }</pre>
 */
public final class Batches implements AutoCloseable {
  /** Batches that are read ahead, if reading is slow: they even out times to read. */
  private static final int AHEAD = 3;

  /** The batches that are read ahead may have this many values; one may always be read. */
  private static final long AHEAD_VALUES = 1L << 26;

  private final DataLoader loader;
  private final int size;
  private final int least;
  private final int ahead;
  private final Readers readers;

  /** The batches after this one, as they are read. */
  private final Deque<BatchReading> coming = new ArrayDeque<>();

  private int from;
  private int to;

  /** The end of the last batch that is being read. */
  private int end;

  private BatchReading current;

  /** The batch before this one, whose memory the next one takes. */
  private BatchReading spare;

  private long waited;

  Batches(DataLoader loader, int first, int size, int least) {
    if (size < 1) {
      throw new IllegalArgumentException(
          "the batch size is " + size + " images, but must be at least 1");
    }
    this.loader = loader;
    this.size = size;
    this.least = least;
    boolean slow = loader.isSlow();
    ahead = slow ? Math.clamp(AHEAD_VALUES / Math.max(1, loader.values(size)), 1, AHEAD) : 1;
    readers = new Readers(slow ? Runtime.getRuntime().availableProcessors() : 1);
    to = first;
    end = first;
    readAhead();
  }

  /** The end of a batch that starts at {@code start}; a remainder that is too short joins it. */
  private int end(int start) {
    int stop = Math.min(loader.size(), start + size);
    return loader.size() - stop < least ? loader.size() : stop;
  }

  /** Starts to read batches, until enough are on their way. */
  private void readAhead() {
    while (coming.size() < ahead && end < loader.size()) {
      int start = end;
      end = end(start);
      int count = end - start;
      boolean fits = spare != null && spare.labels.length == count;
      HostBatch host = fits ? spare.host : loader.hostBatch(count);
      BatchReading batch =
          new BatchReading(loader, start, host, fits ? spare.labels : new int[count]);
      spare = null;
      coming.add(batch);
      readers.read(batch);
    }
  }

  /**
   * Goes to the next batch.
   *
   * @return whether there is one
   * @throws RuntimeException the exception that reading it threw
   */
  public boolean next() {
    from = to;
    if (coming.isEmpty()) {
      return false;
    }
    BatchReading batch = coming.remove();
    to = from + batch.labels.length;
    await(batch);
    spare = current;
    current = batch;
    readAhead();
    return true;
  }

  private void await(BatchReading batch) {
    boolean late = !batch.isDone();
    long start = System.nanoTime();
    batch.await();
    if (late) {
      waited += System.nanoTime() - start;
      if (current != null) { // nothing could be ready before the first batch
        readers.addThread();
      }
    }
  }

  /** The time that {@link #next} has waited for images so far, in seconds. */
  public double secondsWaited() {
    return waited * 1e-9;
  }

  /** Where in the loader's order this batch starts. */
  public int from() {
    return from;
  }

  /** Where in the loader's order this batch ends, exclusive. */
  public int to() {
    return to;
  }

  /** The labels of this batch; valid until {@link #next}. */
  public int[] labels() {
    return current.labels;
  }

  /** Writes the inputs of this batch to {@code out} (to - from, ..). */
  public void into(Tensor out) {
    try (Scope _ = out.backend().scope()) {
      current.host.into(out);
    }
  }

  /** The inputs of this batch (to - from, ..); the open scope owns the tensor. */
  public Tensor images() {
    Tensor images = loader.empty(to - from);
    into(images);
    return images;
  }

  /** Ends the threads once they have read their current images. */
  @Override
  public void close() {
    readers.close();
  }
}
