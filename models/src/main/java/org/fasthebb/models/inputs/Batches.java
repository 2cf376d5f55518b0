package org.fasthebb.models.inputs;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * The batches of one pass over a {@link DataLoader}. While the caller works on a batch, a thread
 * reads the next one into a second buffer; the thread ends with {@link #close}.
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
  private final DataLoader loader;
  private final int size;
  private final int least;
  private final ExecutorService reader = Executors.newSingleThreadExecutor(Batches::thread);
  private int from;
  private int to;
  private Buffer current;
  private Buffer other;
  private Future<?> reading;
  private volatile boolean closed;

  /** A batch on the host. */
  private record Buffer(HostBatch host, int[] labels) {}

  Batches(DataLoader loader, int first, int size, int least) {
    if (size < 1) {
      throw new IllegalArgumentException(
          "the batch size is " + size + " images, but must be at least 1");
    }
    this.loader = loader;
    this.size = size;
    this.least = least;
    to = first;
    readAhead();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "fasthebb-reader");
    thread.setDaemon(true); // the JVM may exit while it still reads
    return thread;
  }

  /** The end of a batch that starts at {@code start}; a remainder that is too short joins it. */
  private int end(int start) {
    int end = Math.min(loader.size(), start + size);
    return loader.size() - end < least ? loader.size() : end;
  }

  /** Starts to read the batch after this one. */
  private void readAhead() {
    int start = to;
    int count = end(start) - start;
    if (count == 0) {
      return;
    }
    if (other == null || other.labels.length != count) {
      other = new Buffer(loader.hostBatch(count), new int[count]);
    }
    Buffer buffer = other;
    reading = reader.submit(() -> read(buffer, start));
  }

  private void read(Buffer buffer, int start) {
    for (int row = 0; row < buffer.labels.length && !closed; row++) {
      buffer.labels[row] = loader.label(start + row);
      loader.read(start + row, buffer.host, row);
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
    to = end(from);
    if (from == to) {
      return false;
    }
    await();
    Buffer read = other;
    other = current;
    current = read;
    readAhead();
    return true;
  }

  private void await() {
    try {
      reading.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the thread was interrupted while it waited for images", e);
    }
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

  /** Ends the thread once it has read its current image. */
  @Override
  public void close() {
    closed = true;
    reader.close();
  }
}
