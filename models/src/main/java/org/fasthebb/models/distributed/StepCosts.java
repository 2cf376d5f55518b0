package org.fasthebb.models.distributed;

import java.util.Locale;

/**
 * What the steps of a worker took, in seconds of all steps together.
 *
 * @param steps number of steps
 * @param seconds of the whole, also of computing and of writing checkpoints
 * @param moments exchanging means and variances for batch norms
 * @param gathers exchanging inputs of layers that every worker learns from the whole batch
 * @param merges exchanging and adding up sums
 * @param waiting for other workers, which were late
 * @param bytes that this worker sent
 */
public record StepCosts(
    long steps,
    double seconds,
    double moments,
    double gathers,
    double merges,
    double waiting,
    long bytes) {
  /** What a merger has spent so far. */
  static StepCosts of(long steps, double seconds, Merger merger) {
    return new StepCosts(
        steps,
        seconds,
        merger.seconds(Merger.Exchanged.MOMENTS),
        merger.seconds(Merger.Exchanged.INPUTS),
        merger.seconds(Merger.Exchanged.SUMS),
        merger.secondsWaiting(),
        merger.valuesSent() * Float.BYTES);
  }

  StepCosts minus(StepCosts before) {
    return new StepCosts(
        steps - before.steps,
        seconds - before.seconds,
        moments - before.moments,
        gathers - before.gathers,
        merges - before.merges,
        waiting - before.waiting,
        bytes - before.bytes);
  }

  /** One line, per step. */
  public String words() {
    double each = 1e3 / Math.max(1, steps);
    return String.format(
        Locale.ROOT,
        "%d steps of %.1f ms: moments %.2f ms, gathers %.2f ms, merges %.2f ms, waiting for other"
            + " workers %.2f ms, computing the rest; the first worker sent %.2f MB a step",
        steps,
        seconds * each,
        moments * each,
        gathers * each,
        merges * each,
        waiting * each,
        bytes / 1e6 / Math.max(1, steps));
  }
}
