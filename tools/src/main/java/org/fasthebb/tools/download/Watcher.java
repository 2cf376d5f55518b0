package org.fasthebb.tools.download;

/** Is told how a download goes. */
public interface Watcher {
  /** Something worth a line of its own. */
  void message(String text);

  /**
   * Some bytes are done.
   *
   * @param phase such as downloading
   * @param done bytes so far
   * @param total bytes in all, or 0 if that is unknown
   */
  void step(String phase, long done, long total);
}
