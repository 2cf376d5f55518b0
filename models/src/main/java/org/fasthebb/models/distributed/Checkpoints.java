package org.fasthebb.models.distributed;

import java.io.IOException;
import java.nio.file.Path;

/** Where the first worker of a run keeps its state, so that a run that is started again goes on. */
public interface Checkpoints {
  /** Keeps nothing: a run that is started again begins anew. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public Path newest() {
          return null;
        }

        @Override
        public void keep(Path file, long step) {}
      };

  /** A copy of the newest checkpoint as a local file; null if there is none. */
  Path newest() throws IOException;

  /**
   * Keeps a checkpoint, whole or not at all.
   *
   * @param file local, and gone afterwards
   * @param step number of steps that have been taken
   */
  void keep(Path file, long step) throws IOException;
}
