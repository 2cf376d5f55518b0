package org.fasthebb.models.linalg;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Runs tasks on several threads, in random order, to reveal results that depend on the order. */
final class Threads implements Parallel, AutoCloseable {
  private final ExecutorService pool;
  private final Random random = new Random(1);

  Threads(int threads) {
    pool = Executors.newFixedThreadPool(threads);
  }

  @Override
  public void run(int tasks, IntConsumer body) {
    List<Callable<Object>> calls =
        IntStream.range(0, tasks)
            .<Callable<Object>>mapToObj(task -> Executors.callable(() -> body.accept(task)))
            .collect(Collectors.toList());
    Collections.shuffle(calls, random);
    try {
      for (Future<Object> done : pool.invokeAll(calls)) {
        done.get();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
