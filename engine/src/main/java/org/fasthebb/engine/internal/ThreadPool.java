package org.fasthebb.engine.internal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Fixed worker threads that run numbered tasks together with the calling thread.
 *
 * <p>Which thread runs a task is left to chance; what a task computes must not depend on it. That,
 * and task counts that depend on shapes only, is how results come out bit for bit the same for any
 * number of threads.
 *
 * <p>One caller at a time. A call from inside a task runs its tasks serially.
 */
public final class ThreadPool implements AutoCloseable {
  /** Workers spin this long for the next job before they park: steps are bursts of short jobs. */
  private static final long SPIN_NANOS = 50_000;

  private final Worker[] workers;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final ThreadLocal<Boolean> insideTask = ThreadLocal.withInitial(() -> false);
  private final AtomicInteger generation = new AtomicInteger();
  private volatile boolean closed;
  private int tasks;
  private IntConsumer body;
  private volatile Throwable failure;

  /** A pool of {@code threads} threads, the caller's included. */
  public ThreadPool(int threads) {
    workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker("fasthebb-" + (i + 1));
      workers[i].start();
    }
  }

  /** Number of threads, the caller's included. */
  public int threads() {
    return workers.length + 1;
  }

  /** Runs {@code body} for every task 0 .. tasks-1 and returns when all have ended. */
  public void run(int tasks, IntConsumer body) {
    if (tasks <= 1 || workers.length == 0 || insideTask.get()) {
      for (int i = 0; i < tasks; i++) {
        body.accept(i);
      }
      return;
    }
    this.tasks = tasks;
    this.body = body;
    failure = null;
    next.set(0);
    running.set(workers.length);
    generation.incrementAndGet(); // publishes the job: workers read it before the plain fields
    for (Worker worker : workers) {
      if (worker.parked) {
        LockSupport.unpark(worker);
      }
    }
    work();
    while (running.get() > 0) {
      Thread.onSpinWait();
    }
    Throwable thrown = failure;
    this.body = null;
    if (thrown != null) {
      throw new IllegalStateException("a parallel task failed: " + thrown, thrown);
    }
  }

  private void work() {
    insideTask.set(true);
    try {
      for (int i; (i = next.getAndIncrement()) < tasks; ) {
        body.accept(i);
      }
    } catch (Throwable t) {
      failure = t;
      next.set(tasks);
    } finally {
      insideTask.set(false);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  private final class Worker extends Thread {
    volatile boolean parked;

    Worker(String name) {
      super(name);
      setDaemon(true);
    }

    @Override
    public void run() {
      for (int seen = 0; ; ) {
        seen = awaitJobAfter(seen);
        if (closed) {
          return;
        }
        work();
        running.decrementAndGet();
      }
    }

    private int awaitJobAfter(int seen) {
      long deadline = System.nanoTime() + SPIN_NANOS;
      while (generation.get() == seen && !closed) {
        if (System.nanoTime() < deadline) {
          Thread.onSpinWait();
          continue;
        }
        parked = true;
        while (generation.get() == seen && !closed) {
          LockSupport.park(this);
        }
        parked = false;
      }
      return seen + 1;
    }
  }
}
