package org.fasthebb.models.learn;

/**
 * How often the state of training is saved. A killed run loses the work since its last save, but
 * saving takes time too: seconds for a large network.
 *
 * @param seconds of work between two saves, at least; 0 for a save after every step
 * @param saves the work between two saves takes at least this many times as long as the last save
 */
public record SavePace(double seconds, double saves) {
  /**
   * A save after 20 seconds of work or, where a save takes over 0.4 s, so rarely that saving takes
   * at most 2 % of the time.
   */
  public static final SavePace USUAL = new SavePace(20, 50);

  /** A save after this much work, however long it takes. */
  public static SavePace every(double seconds) {
    return new SavePace(seconds, 0);
  }

  /**
   * Whether it is time to save.
   *
   * @param unsaved seconds of work since the last save
   * @param lastSave seconds that it took; 0 if there was none
   */
  public boolean isDue(double unsaved, double lastSave) {
    return unsaved > Math.max(seconds, saves * lastSave);
  }
}
