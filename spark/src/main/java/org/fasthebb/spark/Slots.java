package org.fasthebb.spark;

import java.time.Duration;
import org.apache.spark.SparkContext;

/**
 * How many tasks can run at once. Spark starts a barrier stage when there is a slot for each of its
 * tasks, and waits for slots without end; so somebody must notice that executors do not come back.
 */
final class Slots {
  private static final Duration POLL = Duration.ofSeconds(1);

  private final HebbianFeatures how;
  private final SparkContext context;
  private final Duration patience;

  /** When there were slots enough. */
  private long enough = System.nanoTime();

  /** Watches the slots of a job, for which executors are missed as long as workers wait. */
  Slots(HebbianFeatures how, SparkContext context) {
    this.how = how;
    this.context = context;
    patience = how.patience();
  }

  private int count() {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  /** Whether there have been too few slots for too long; to be asked often. */
  boolean areGone(int workers) {
    long now = System.nanoTime();
    if (count() >= workers) {
      enough = now;
    }
    return now - enough > patience.toNanos();
  }

  /**
   * Waits for the slots of all workers, and returns for how many there are some.
   *
   * @throws IllegalStateException in one sentence, if there is no slot
   */
  int upTo(int workers) throws InterruptedException {
    while (count() < workers && !areGone(workers)) {
      Thread.sleep(POLL);
    }
    int slots = Math.min(workers, count());
    if (slots == 0) {
      throw new IllegalStateException(
          ("all executors are lost, and none has come for %s s; start some and run again, and"
                  + " training goes on from its last checkpoint if checkpointDir names a folder")
              .formatted(patience.toSeconds()));
    }
    if (slots < workers) {
      how.logWarning(() ->
          "there has been no room for %s workers for %s s; %s train, and end with the same bits"
              .formatted(workers, patience.toSeconds(), slots));
    }
    return slots;
  }
}
