package org.fasthebb.models.imagenet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.FileIndex;
import org.fasthebb.models.data.PassedOver;
import org.fasthebb.models.data.Problems;

/**
 * Lists the files of many classes at once. A disk answers many questions in the time of one; the
 * result is as if the classes had been listed in their order.
 */
final class ParallelListing {
  /** More than the processors, since they wait for the disk. */
  private static final int THREADS = 16;

  /**
   * Classes that are listed ahead of the one whose turn it is. With more, entries of all classes
   * may be in memory at once, where the garbage collector copies them again and again.
   */
  private static final int AHEAD = 4 * THREADS;

  private ParallelListing() {}

  /** Lists one class. */
  @FunctionalInterface
  interface ClassLister {
    /** Returns what adds the files of the class to the index. */
    Consumer<FileIndex.Builder> list(int label, Problems problems);
  }

  /** Keeps what is found, to be reported when its turn comes. */
  private static final class Kept implements Problems {
    private final List<Consumer<Problems>> reports = new ArrayList<>();

    @Override
    public void add(DataException problem) {
      reports.add(problems -> problems.add(problem));
    }

    @Override
    public void passOver(PassedOver files) {
      reports.add(problems -> problems.passOver(files));
    }
  }

  /** What was found for one class. */
  private record Listed(Kept problems, Consumer<FileIndex.Builder> files) {}

  /** Lists classes 0 to {@code classes} - 1. */
  static FileIndex list(int classes, ClassLister lister, Problems problems) {
    FileIndex.Builder index = new FileIndex.Builder();
    Queue<Future<Listed>> ahead = new ArrayDeque<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      try {
        for (int c = 0; c < classes + AHEAD; c++) {
          int label = c;
          if (label < classes) {
            ahead.add(
                threads.submit(() -> {
                  Kept kept = new Kept();
                  return new Listed(kept, lister.list(label, kept));
                }));
          }
          if (label >= AHEAD) {
            Listed listed = ahead.remove().get();
            listed.problems.reports.forEach(report -> report.accept(problems));
            listed.files.accept(index);
          }
        }
      } catch (InterruptedException | ExecutionException e) {
        throw new CompletionException(e);
      } finally {
        threads.shutdownNow(); // of no use after the first problem
      }
    }
    return index.build();
  }
}
