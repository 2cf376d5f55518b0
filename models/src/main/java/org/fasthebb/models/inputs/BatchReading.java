package org.fasthebb.models.inputs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** A batch on the host that is being read, or has been. Several threads may read its rows. */
final class BatchReading {
  private final DataLoader loader;
  private final int start;
  private final AtomicInteger next = new AtomicInteger();
  private int failedRow = Integer.MAX_VALUE;
  private Throwable failure;

  /** The work of each thread. */
  final List<Future<?>> parts = new ArrayList<>();

  final HostBatch host;
  final int[] labels;

  /**
   * A batch of which nothing has been read.
   *
   * @param start where in the loader's order it starts
   * @param host takes its rows
   * @param labels takes its labels, one per row
   */
  BatchReading(DataLoader loader, int start, HostBatch host, int[] labels) {
    this.loader = loader;
    this.start = start;
    this.host = host;
    this.labels = labels;
  }

  /** Reads rows until all are read, one has failed, or the readers are closed. */
  void readRows(Readers readers) {
    while (!readers.isClosed() && !hasFailed()) {
      int row = next.getAndIncrement();
      if (row >= labels.length) {
        return;
      }
      try {
        labels[row] = loader.label(start + row);
        loader.read(start + row, host, row);
      } catch (RuntimeException | Error e) { // the caller of await receives it
        fail(row, e);
      }
    }
  }

  private synchronized boolean hasFailed() {
    return failure != null;
  }

  /** Keeps the failure of the first row, so that it does not depend on the number of threads. */
  private synchronized void fail(int row, Throwable e) {
    if (row < failedRow) {
      failedRow = row;
      failure = e;
    }
  }

  /** Whether there is nothing left to wait for. */
  boolean isDone() {
    return parts.stream().allMatch(Future::isDone);
  }

  /**
   * Waits until all rows are read.
   *
   * @throws RuntimeException what reading the first bad row threw
   */
  void await() {
    try {
      for (Future<?> part : parts) {
        part.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the thread was interrupted while it waited for images", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}
