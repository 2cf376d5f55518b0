package org.fasthebb.engine.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadPoolTest {
  private static void assertEachTaskOnce(ThreadPool pool, int tasks) {
    AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, tasks));
    pool.run(tasks, runs::incrementAndGet);
    for (int i = 0; i < tasks; i++) {
      assertEquals(1, runs.get(i), "runs of task " + i + " of " + tasks);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyTaskRunsOnce(int threads) {
    try (ThreadPool pool = new ThreadPool(threads)) {
      assertEquals(threads, pool.threads());
      for (int tasks : new int[] {0, 1, 2, 3, 7, 64, 1000}) {
        assertEachTaskOnce(pool, tasks);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void manyShortJobs(int threads) {
    try (ThreadPool pool = new ThreadPool(threads)) {
      int[] sums = new int[4]; // plain memory: a job must see what the one before wrote
      for (int job = 0; job < 5_000; job++) {
        pool.run(4, task -> sums[task]++);
      }
      for (int sum : sums) {
        assertEquals(5_000, sum);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void recordedJobsRunAgain(int threads) {
    try (ThreadPool pool = new ThreadPool(threads)) {
      int[] sums = new int[4];
      List<ThreadPool.Job> jobs =
          pool.record(() -> {
            pool.run(4, task -> pool.run(2, inner -> sums[task]++)); // one job, not five
            pool.runAlone(1, task -> sums[0]++);
          });
      assertEquals(2, jobs.size());
      for (int round = 1; round < 5_000; round++) {
        jobs.forEach(pool::repeat);
      }
      assertArrayEquals(new int[] {15_000, 10_000, 10_000, 10_000}, sums);
    }
  }

  @Test
  void workersHelpWithAJobThatRunsAgain() {
    try (ThreadPool pool = new ThreadPool(2)) {
      CountDownLatch[] both = {new CountDownLatch(2)};
      List<ThreadPool.Job> jobs = pool.record(() -> pool.run(2, task -> meet(both[0])));
      for (int round = 0; round < 20; round++) {
        both[0] = new CountDownLatch(2);
        pool.repeat(jobs.getFirst());
      }
    }
  }

  /** Returns only if another thread calls it, too. */
  private static void meet(CountDownLatch both) {
    both.countDown();
    try {
      assertTrue(both.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aJobThatFailedMayRunAgain() {
    try (ThreadPool pool = new ThreadPool(2)) {
      boolean[] fails = {false};
      List<ThreadPool.Job> jobs =
          pool.record(() ->
              pool.run(
                  3,
                  task -> {
                    if (fails[0]) {
                      throw new IllegalArgumentException("task " + task);
                    }
                  }));
      fails[0] = true;
      assertThrows(IllegalArgumentException.class, () -> pool.repeat(jobs.getFirst()));
      fails[0] = false;
      pool.repeat(jobs.getFirst());
    }
  }

  @Test
  void workersThatSleepAreWoken() {
    try (ThreadPool pool = new ThreadPool(2)) {
      Thread worker = workers(pool, 2).getFirst();
      for (int round = 0; round < 20; round++) {
        while (worker.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
        CountDownLatch both = new CountDownLatch(2);
        pool.run(2, task -> meet(both));
      }
    }
  }

  /** The threads of a pool, without the calling one. */
  private static List<Thread> workers(ThreadPool pool, int threads) {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(threads);
    pool.run(
        threads,
        task -> {
          seen.add(Thread.currentThread());
          meet(all);
        });
    seen.remove(Thread.currentThread());
    return List.copyOf(seen);
  }

  @Test
  void noMoreThreadsThanAskedFor() {
    try (ThreadPool pool = new ThreadPool(3)) {
      ConcurrentHashMap<Thread, Boolean> seen = new ConcurrentHashMap<>();
      for (int round = 0; round < 200; round++) {
        pool.run(30, task -> seen.put(Thread.currentThread(), true));
      }
      assertTrue(seen.size() <= 3, "threads: " + seen.keySet());
      seen.remove(Thread.currentThread());
      seen.keySet().forEach(thread -> assertTrue(thread.isDaemon(), thread.getName()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void whatATaskThrowsReachesTheCallerAndThePoolLivesOn(int threads) {
    try (ThreadPool pool = new ThreadPool(threads)) {
      for (int bad : new int[] {0, 17, 63}) {
        RuntimeException unchecked = new IllegalArgumentException("task " + bad);
        assertSame(unchecked, thrown(pool, bad, unchecked, RuntimeException.class));
        Error error = new OutOfMemoryError("task " + bad);
        assertSame(error, thrown(pool, bad, error, Error.class));
        assertEachTaskOnce(pool, 64);
      }
    }
  }

  private static <T extends Throwable> T thrown(ThreadPool pool, int bad, T what, Class<T> type) {
    return assertThrows(
        type,
        () ->
            pool.run(
                64,
                task -> {
                  if (task == bad) {
                    ThreadPoolTest.<RuntimeException>raise(what);
                  }
                }));
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void raise(Throwable what) throws T {
    throw (T) what;
  }

  @Test
  void afterAFailureTasksThatHaveNotBegunAreLeftOut() {
    for (int threads : new int[] {1, 3}) {
      try (ThreadPool pool = new ThreadPool(threads)) {
        AtomicInteger begun = new AtomicInteger();
        assertThrows(
            IllegalStateException.class,
            () ->
                pool.run(
                    100_000,
                    task -> {
                      begun.incrementAndGet();
                      throw new IllegalStateException("task " + task);
                    }));
        assertTrue(begun.get() <= threads, "begun: " + begun);
      }
    }
  }

  @Test
  void nestedRunsAreSerial() {
    try (ThreadPool pool = new ThreadPool(3)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(40);
      pool.run(
          4,
          outer -> {
            Thread mine = Thread.currentThread();
            pool.run(
                10,
                inner -> {
                  assertSame(mine, Thread.currentThread());
                  runs.incrementAndGet(outer * 10 + inner);
                });
          });
      for (int i = 0; i < 40; i++) {
        assertEquals(1, runs.get(i));
      }
      assertEachTaskOnce(pool, 100); // and outside of a task it is parallel again
    }
  }

  @Test
  void manyPoolsMayComeAndGo() throws InterruptedException {
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      try (ThreadPool pool = new ThreadPool(3)) {
        workers.addAll(workers(pool, 3));
      }
    }
    assertEquals(100, workers.size());
    for (Thread worker : workers) {
      assertTrue(worker.join(Duration.ofSeconds(60)), worker + " ended with its pool");
    }
  }
}
