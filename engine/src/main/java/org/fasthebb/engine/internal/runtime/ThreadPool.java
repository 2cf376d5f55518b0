package org.fasthebb.engine.internal.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Fixed worker threads that run numbered tasks together with the calling thread.
 *
 * <p>Any thread may run any task, so what a task computes must not depend on its thread. Because of
 * that, and because task counts depend on shapes only, results have the same bits for any number of
 * threads.
 *
 * <p>Only one caller may use the pool at a time. A call from inside a task runs its tasks serially.
 */
public final class ThreadPool implements AutoCloseable {
  /** Workers spin this long for the next job before they park: steps are bursts of short jobs. */
  private static final long SPIN_NANOS = 50_000;

  /** A caller spins this often for its workers' last tasks before it yields its processor. */
  private static final int SPINS_BEFORE_YIELD = 500;

  private static final ThreadLocal<Boolean> INSIDE_TASK = ThreadLocal.withInitial(() -> false);

  private final Worker[] workers;
  private volatile Job job = new Job(0, i -> {}, false);

  /** Jobs given to the workers so far; one may be given again. */
  private volatile int posted;

  private volatile boolean closed;

  /** The jobs recorded so far; null unless work is being recorded. */
  private List<Job> record;

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

  /**
   * Runs {@code body} for every task 0 .. tasks-1 and returns when all have ended. What a task
   * throws is thrown here, whichever thread ran it; tasks that have not begun by then are left out.
   */
  public void run(int tasks, IntConsumer body) {
    start(tasks, body, tasks > 1 && workers.length > 0);
  }

  /** As {@link #run}, on the calling thread: for tasks shorter than waking another one. */
  public void runAlone(int tasks, IntConsumer body) {
    start(tasks, body, false);
  }

  private void start(int tasks, IntConsumer body, boolean shared) {
    boolean inside = INSIDE_TASK.get();
    if (record != null && !inside) {
      Job written = new Job(tasks, body, shared);
      record.add(written);
      repeat(written);
    } else if (shared && !inside) {
      share(new Job(tasks, body, true));
    } else {
      for (int i = 0; i < tasks; i++) {
        body.accept(i);
      }
    }
  }

  /**
   * Does the work and returns the jobs that it gave to this pool. To repeat these jobs does not
   * repeat what the work did outside of them.
   */
  List<Job> record(Runnable work) {
    List<Job> jobs = new ArrayList<>();
    record = jobs;
    try {
      work.run();
    } finally {
      record = null;
    }
    return jobs;
  }

  /** Whether work is being recorded. */
  public boolean isRecording() {
    return record != null;
  }

  /** Does a job again. */
  void repeat(Job again) {
    if (again.shared) {
      again.reset();
      share(again);
      return;
    }
    INSIDE_TASK.set(true);
    try {
      for (int i = 0; i < again.tasks; i++) {
        again.body.accept(i);
      }
    } finally {
      INSIDE_TASK.set(false);
    }
  }

  @SuppressWarnings({
    "ThreadPriorityCheck", // yields so that its workers can run; no order depends on it
    "NonAtomicVolatileUpdate" // only one caller at a time writes it
  })
  private void share(Job mine) {
    job = mine;
    posted++;
    for (Worker worker : workers) {
      if (worker.parked) {
        LockSupport.unpark(worker);
      }
    }
    mine.work();
    // Only tasks that a worker has begun are waited for, never a worker that sleeps.
    for (int spins = 0; mine.done.get() < mine.tasks; spins++) {
      if (spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield(); // the worker may be waiting for this processor
      }
    }
    switch (mine.failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException("a parallel task failed: " + e, e);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  /** One call of {@link #run}. */
  static final class Job {
    private final int tasks;
    private final IntConsumer body;
    private final boolean shared;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Throwable failure;

    Job(int tasks, IntConsumer body, boolean shared) {
      this.tasks = tasks;
      this.body = body;
      this.shared = shared;
    }

    /**
     * Makes all tasks due again. A worker that is still in this job from last time may take some of
     * them.
     */
    void reset() {
      failure = null;
      done.set(0);
      next.set(0);
    }

    /** Takes tasks until none is left. After a failure the remaining ones are skipped. */
    void work() {
      INSIDE_TASK.set(true);
      for (int i; (i = next.getAndIncrement()) < tasks; ) {
        try {
          if (failure == null) {
            body.accept(i);
          }
        } catch (Throwable t) {
          failure = t;
        } finally {
          done.incrementAndGet();
        }
      }
      INSIDE_TASK.set(false);
    }
  }

  private final class Worker extends Thread {
    private volatile boolean parked;

    Worker(String name) {
      super(name);
      setDaemon(true);
    }

    @Override
    public void run() {
      int seen = 0; // a worker that starts late still helps with the first job
      while (!closed) {
        seen = awaitJobAfter(seen);
        job.work();
      }
    }

    private int awaitJobAfter(int seen) {
      long deadline = System.nanoTime() + SPIN_NANOS;
      while (posted == seen && !closed) {
        if (System.nanoTime() < deadline) {
          Thread.onSpinWait();
          continue;
        }
        parked = true;
        while (posted == seen && !closed) {
          LockSupport.park(this);
        }
        parked = false;
      }
      return posted;
    }
  }
}
