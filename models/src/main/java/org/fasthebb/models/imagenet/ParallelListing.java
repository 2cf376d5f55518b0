package org.fasthebb.models.imagenet;

import java.util.ArrayList;
import java.util.List;
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

  private ParallelListing() {}

  /** Lists one class. */
  @FunctionalInterface
  interface ClassLister {
    /** Returns the files of the class. */
    FileIndex list(int label, Problems problems);
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
  private record Listed(Kept problems, FileIndex files) {}

  /** Lists classes 0 to {@code classes} - 1. */
  static FileIndex list(int classes, ClassLister lister, Problems problems) {
    List<FileIndex> files = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      try {
        List<Future<Listed>> inWork = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
          int label = c;
          inWork.add(
              threads.submit(() -> {
                Kept kept = new Kept();
                return new Listed(kept, lister.list(label, kept));
              }));
        }
        for (Future<Listed> each : inWork) {
          Listed listed = each.get();
          listed.problems.reports.forEach(report -> report.accept(problems));
          files.add(listed.files);
        }
      } catch (InterruptedException | ExecutionException e) {
        throw new CompletionException(e);
      } finally {
        threads.shutdownNow(); // of no use after the first problem
      }
    }
    return FileIndex.concat(files);
  }
}
