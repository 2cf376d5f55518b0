package org.fasthebb.tools.download;

/** Receives the progress of a download. */
public interface Watcher {
  /** Called with a message to show on a line of its own. */
  void message(String text);

  /**
   * Called when more bytes are done.
   *
   * @param phase such as downloading
   * @param done bytes so far
   * @param total bytes in all, or 0 if that is unknown
   */
  void step(String phase, long done, long total);
}
