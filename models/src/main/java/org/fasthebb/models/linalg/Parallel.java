package org.fasthebb.models.linalg;

import java.util.function.IntConsumer;

/** Runs independent tasks, possibly on several threads. */
@FunctionalInterface
public interface Parallel {
  /** Runs every task on the calling thread. */
  Parallel SERIAL =
      (tasks, body) -> {
        for (int task = 0; task < tasks; task++) {
          body.accept(task);
        }
      };

  /**
   * Runs each task once, in any order, and returns when all have ended. The effects of the tasks
   * are visible to the caller afterwards; an exception of a task is rethrown. Tasks do not call
   * this method again.
   *
   * @param tasks number of tasks, 0 or more
   * @param body receives the task number, 0 to {@code tasks - 1}
   */
  void run(int tasks, IntConsumer body);
}
