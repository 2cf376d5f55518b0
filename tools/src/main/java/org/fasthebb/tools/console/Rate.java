package org.fasthebb.tools.console;

import java.util.ArrayDeque;
import java.util.Deque;

/** The rate of some work, measured over the last 20 seconds so that it follows changes. */
public final class Rate {
  private static final double WINDOW = 20;

  private record Reading(double time, long done) {}

  private final Deque<Reading> samples = new ArrayDeque<>();
  private String phase = "";

  /** Forgets all measurements. */
  public void clear() {
    samples.clear();
  }

  /**
   * Adds a measurement. The rate starts anew with another phase, or if less is done than before.
   *
   * @param time in seconds
   * @param done work done so far, in any unit
   * @return whether the rate starts anew
   */
  public boolean add(String newPhase, double time, long done) {
    boolean begins =
        !newPhase.equals(phase) || (!samples.isEmpty() && done < samples.getLast().done);
    if (begins) {
      phase = newPhase;
      clear();
    }
    samples.addLast(new Reading(time, done));
    while (samples.size() > 2 && time - samples.getFirst().time > WINDOW) {
      samples.removeFirst();
    }
    return begins;
  }

  /** Whether there are enough measurements for a rate: at least two. */
  public boolean isKnown() {
    return samples.size() >= 2;
  }

  /** Units per second; call it only if the rate is known. */
  public double perSecond() {
    Reading first = samples.getFirst();
    Reading last = samples.getLast();
    return (last.done - first.done) / Math.max(1e-9, last.time - first.time);
  }

  /** The time until {@code total} is done, as text; call it only if the rate is known. */
  public String left(long total) {
    return Text.clock((total - samples.getLast().done) / Math.max(1e-9, perSecond())) + " left";
  }
}
