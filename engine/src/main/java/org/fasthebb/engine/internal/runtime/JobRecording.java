package org.fasthebb.engine.internal.runtime;

import java.util.List;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;

/**
 * Work as a list of jobs. The first run does it, and writes down what is given to the pool; later
 * ones give that again, with nothing to check and nothing to allocate. Its memory is lent to
 * nothing else, since the jobs remember arrays.
 */
public final class JobRecording implements Recording {
  private final ThreadPool pool;
  private final Workspace<float[]> workspace;
  private final Runnable work;
  private List<ThreadPool.Job> jobs;
  private List<float[]> memory = List.of();
  private boolean closed;

  public JobRecording(ThreadPool pool, Workspace<float[]> workspace, Runnable work) {
    this.pool = pool;
    this.workspace = workspace;
    this.work = work;
  }

  @Override
  public void run() {
    RecordingRules.refuseIfClosed(closed);
    RecordingRules.refuseInside(pool.isRecording());
    if (jobs == null) {
      memory = workspace.reserve(() -> jobs = pool.record(this::work));
      return;
    }
    for (int i = 0; i < jobs.size(); i++) { // an iterator would be allocated
      pool.repeat(jobs.get(i));
    }
  }

  private void work() {
    try (Scope _ = workspace.open()) {
      work.run();
    }
  }

  @Override
  public void close() {
    closed = true;
    memory.forEach(workspace::give);
    memory = List.of();
  }
}
