package org.fasthebb.models.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Connects workers that are threads of one process, through shared memory. */
public final class LocalTransport implements Transport {
  /** What the workers of a run share. */
  private static final class Meeting {
    private final CyclicBarrier barrier;
    private final float[][][] sent;
    private final Duration timeout;

    Meeting(int workers, Duration timeout) {
      barrier = new CyclicBarrier(workers);
      sent = new float[workers][][];
      this.timeout = timeout;
    }

    void await() {
      try {
        barrier.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LostWorkerException("this worker was interrupted while it waited", e);
      } catch (BrokenBarrierException | TimeoutException e) {
        throw new LostWorkerException(
            "another worker has failed or is later than %s s".formatted(timeout.toSeconds()), e);
      }
    }
  }

  private final Meeting meeting;
  private final int rank;
  private boolean closed;
  private long nanosWaiting;

  private LocalTransport(Meeting meeting, int rank) {
    this.meeting = meeting;
    this.rank = rank;
  }

  /**
   * Runs workers, each on a thread of its own, until all have ended.
   *
   * @param timeout the longest that a worker waits for the others
   * @param work of a worker
   * @return what each worker returned
   * @throws IllegalStateException with a worker's failure as its cause: of several, one that is not
   *     the loss of another worker
   */
  public static <T> List<T> run(int workers, Duration timeout, Function<Transport, T> work) {
    Meeting meeting = new Meeting(workers, timeout);
    List<Future<T>> results = new ArrayList<>();
    List<T> values = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
      for (int rank = 0; rank < workers; rank++) {
        LocalTransport own = new LocalTransport(meeting, rank);
        results.add(
            threads.submit(() -> {
              try (own) {
                T value = work.apply(own);
                own.closed = true; // it has not left too early
                return value;
              }
            }));
      }
      for (Future<T> result : results) {
        try {
          values.add(result.get());
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while workers ran", e);
    }
    failures.sort(Comparator.comparing(LostWorkerException.class::isInstance)); // those come last
    if (!failures.isEmpty()) {
      Throwable first = failures.getFirst();
      throw new IllegalStateException("a worker failed: " + first.getMessage(), first);
    }
    return values;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int workers() {
    return meeting.sent.length;
  }

  @Override
  public float[][] exchange(float[][] out, int[] lengths) {
    meeting.sent[rank] = out;
    long start = System.nanoTime();
    meeting.await();
    nanosWaiting += System.nanoTime() - start;
    float[][] in = new float[workers()][];
    for (int from = 0; from < in.length; from++) {
      if (from != rank) {
        in[from] = meeting.sent[from][rank].clone();
        if (in[from].length != lengths[from]) {
          throw new LostWorkerException(
              "worker %s sent %s values where %s were expected"
                  .formatted(from, in[from].length, lengths[from]),
              null);
        }
      }
    }
    meeting.await(); // until all have read
    return in;
  }

  @Override
  public long nanosWaiting() {
    return nanosWaiting;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      meeting.barrier.reset();
    }
  }
}
