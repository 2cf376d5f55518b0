package org.fasthebb.engine.internal.runtime;

import java.util.List;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;

/**
 * Recorded work as a list of jobs. The first run does the work and notes the jobs that it gives to
 * the pool; later runs give the same jobs again, without checks and allocations. The memory of a
 * recording is not lent to others, because its jobs refer to arrays.
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
