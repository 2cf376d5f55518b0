package org.fasthebb.models.data;

import java.nio.file.Path;

/**
 * Receives what is found wrong with data, and what is passed over. Reading stops at the first
 * problem; checking collects all.
 */
@FunctionalInterface
public interface Problems {
  /** Throws the first problem, and says nothing of what is passed over. */
  Problems STOP =
      problem -> {
        throw problem;
      };

  /** Receives a problem. It returns if the work is to go on without the bad part, else throws. */
  void add(DataException problem);

  /** Receives files that are not read. */
  default void passOver(PassedOver files) {}

  /** Receives, from many threads, how many of the images in {@code dir} have been checked. */
  default void checked(Path dir, int images, int of) {}
}
