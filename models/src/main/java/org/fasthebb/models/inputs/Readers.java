package org.fasthebb.models.inputs;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read batches ahead. There is one at first; more come only when somebody had to
 * wait for images, so that the rest of the processors stays with those who compute.
 */
final class Readers implements AutoCloseable {
  private final int most;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Readers::thread);
  private volatile boolean closed;

  /**
   * Starts no thread yet.
   *
   * @param most threads at a time
   */
  Readers(int most) {
    this.most = most;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "fasthebb-reader");
    thread.setDaemon(true); // the JVM may exit while it still reads
    return thread;
  }

  /** Starts to read a batch; batches are read in the order of these calls. */
  void read(BatchReading batch) {
    for (int i = 0; i < most; i++) {
      batch.parts.add(threads.submit(() -> batch.readRows(this)));
    }
  }

  /** Lets one more thread read, if there may be more. */
  void addThread() {
    int now = threads.getCorePoolSize();
    if (now < most) {
      threads.setMaximumPoolSize(now + 1);
      threads.setCorePoolSize(now + 1);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends the threads once they have read their current images. */
  @Override
  public void close() {
    closed = true;
    threads.close();
  }
}
